#include "engine/conversations/handling.hpp"

#include "engine/conversations/transitions.hpp"
#include "engine/people/direction.hpp"
#include "engine/views.hpp"

namespace switchboard {
namespace {

Desk* desk_of(TenantMemory& memory, const Asker& asker) {
    return asker.principal.role == Role::visitor
               ? nullptr
               : memory.staff.find(account_of(asker.principal.person));
}

bool is_active(const OpenTalk& talk) {
    return talk.open.conversation.state == ConversationState::active;
}

// The desk that may take it, or none and the turn is refused.
Desk* claimant(TenantMemory& memory, Turn& turn, const Asker& asker, const OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    Desk* desk = desk_of(memory, asker);
    const bool is_there = desk != nullptr && desk->connected;
    if (!is_there || !desk->is_open(conversation.channel)) {
        turn.refuse(Refusal::forbidden);
        return nullptr;
    }
    if (conversation.state != ConversationState::queued) {
        Refused refused{Refusal::already_taken, {}, {}, agent_of(talk)};
        turn.answer(std::move(refused));
        return nullptr;
    }
    if (!desk->has_room(conversation.channel)) {
        turn.refuse(Refusal::agent_full);
        return nullptr;
    }
    return desk;
}

}  // namespace

void confirm(TenantMemory& memory,
             Turn& turn,
             const Asker& asker,
             const Facts& facts,
             const ConfirmAssignment& command) {
    OpenTalk* talk =
        allowed_talk(memory, turn, asker, facts, {Action::send_text, command.conversation});
    if (talk == nullptr) return;
    if (asker.principal.role == Role::visitor) return turn.refuse(Refusal::forbidden);
    if (account_of(asker.principal.person) != talk->agent() || !is_active(*talk))
        return turn.refuse(Refusal::wrong_state);
    if (!talk->open.conversation.joined_at) confirm(memory, turn, *talk);
}

void claim(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const ClaimConversation& command) {
    OpenTalk* talk =
        allowed_talk(memory, turn, asker, facts, {Action::claim, command.conversation});
    if (talk == nullptr) return;
    Desk* desk = claimant(memory, turn, asker, *talk);
    if (desk != nullptr) claim(memory, turn, *talk, *desk);
}

void set_inactive(TenantMemory& memory,
                  Turn& turn,
                  const Asker& asker,
                  const Facts& facts,
                  const SetInactive& command) {
    OpenTalk* talk =
        allowed_talk(memory, turn, asker, facts, {Action::set_inactive, command.conversation});
    if (talk == nullptr) return;
    if (!is_active(*talk)) return turn.refuse(Refusal::wrong_state);
    make_inactive(memory, turn, *talk);
}

void finish_wrap_up(TenantMemory& memory,
                    Turn& turn,
                    const Asker& asker,
                    const Facts& facts,
                    const FinishWrapUp& command) {
    if (const auto refusal = authorize(asker.principal, Action::set_inactive, nullptr))
        return turn.refuse(*refusal);
    Desk* desk = desk_of(memory, asker);
    if (desk == nullptr) return turn.refuse(Refusal::forbidden);
    StoredConversation spoken_of;
    if (const OpenTalk* talk = memory.conversations.find(command.conversation)) {
        spoken_of.id = talk->open.conversation.id;
        spoken_of.access = talk->access(memory.tenant);
    }
    for (const StoredConversation& stored : facts.conversations) {
        if (stored.public_id == command.conversation) spoken_of = stored;
    }
    if (!spoken_of.id || authorize(asker.principal, Action::read_conversation, &spoken_of.access))
        return turn.refuse(Refusal::not_found, "conversation_id");
    for (const auto& [claim, wrap_up] : desk->wrap_ups) {
        if (wrap_up.conversation != spoken_of.id) continue;
        return end_wrap_up(memory, turn, *desk, claim);
    }
}

void note_unconfirmed(TenantMemory& memory, Turn& turn, ConversationId id) {
    OpenTalk* talk = memory.conversations.find(id);
    if (talk == nullptr || !is_active(*talk) || talk->open.conversation.joined_at) return;
    Desk& desk = *talk->desk;
    if (!desk.connected) return;  // counted anew when he is back
    turn_red(memory, turn, desk, Reason::unresponsive);
    lose_agent(memory, turn, *talk, AgentGone::unresponsive);
}

void note_agent_gone(TenantMemory& memory, Turn& turn, ConversationId id) {
    OpenTalk* talk = memory.conversations.find(id);
    if (talk == nullptr || !is_active(*talk)) return;
    const Desk& desk = *talk->desk;
    if (!desk.is_present()) lose_agent(memory, turn, *talk, desk.gone);
}

}  // namespace switchboard
