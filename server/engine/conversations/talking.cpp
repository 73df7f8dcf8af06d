#include "engine/conversations/talking.hpp"

#include <algorithm>

#include "domain/text.hpp"
#include "engine/conversations/timeline.hpp"
#include "engine/conversations/transitions.hpp"
#include "engine/people/blocking.hpp"

namespace switchboard {
namespace {

constexpr auto ahead_max = std::chrono::minutes(10);  // of a client's clock

// False, and refused, when the id is none that can be stored.
bool is_timely(const TenantMemory& memory, Turn& turn, const ClientMessageId& id) {
    const auto made_at = time_of(id);
    if (!made_at || *made_at > turn.now() + ahead_max) {
        turn.refuse(Refusal::invalid, "client_msg_id");
        return false;
    }
    if (*made_at < turn.now() - std::chrono::days(memory.retention_days)) {
        turn.refuse(Refusal::id_expired, "client_msg_id");
        return false;
    }
    return true;
}

const SentMessage* find_sent(const TenantMemory& memory,
                             const Facts& facts,
                             const ClientMessageId& id,
                             const Person& sender) {
    if (const SentMessage* sent = memory.sent.find(id, sender)) return sent;
    const auto found =
        std::find_if(facts.messages.begin(), facts.messages.end(), [&](const SentMessage& sent) {
            return sent.id == id && sent.sender == sender;
        });
    return found == facts.messages.end() ? nullptr : &*found;
}

// True when the id was stored before: the turn is answered as it was then, or refused.
bool was_sent(const TenantMemory& memory,
              Turn& turn,
              const Facts& facts,
              const SentMessage& wanted) {
    const SentMessage* sent = find_sent(memory, facts, wanted.id, wanted.sender);
    if (sent == nullptr) return false;
    if (sent->content_hash == wanted.content_hash) {
        turn.answer(MessageStored{sent->conversation, sent->pos, sent->seq, sent->at});
    } else {
        turn.refuse(Refusal::id_conflict, "client_msg_id");
    }
    return true;
}

void remember(TenantMemory& memory, SentMessage sent, const MessageStored& stored) {
    sent.conversation = stored.conversation;
    sent.pos = stored.pos;
    sent.seq = stored.seq;
    sent.at = stored.at;
    memory.sent.add(sent);
}

// Nobody can serve him: noted for the reports, refused. A retry is judged anew.
void miss(Turn& turn, const Asker& asker, WaitingClass where, Missed cause) {
    turn.store(MissedRecord{
        turn.take_pos(), where.first, where.second, asker.principal.public_id, cause, turn.now()});
    turn.refuse(Refusal::nobody_available);
}

// False, and refused, when a new contact of this class is not let in (R4, B1).
bool is_let_in(TenantMemory& memory, Turn& turn, const Asker& asker, WaitingClass where) {
    std::optional<Missed> cause;
    const SiteRule rule = rule_of(memory, where);
    if (is_blocked(memory, turn, asker.visitor.id)) {
        cause = Missed::blocked;
    } else if (memory.pools.choose(where)) {
        return true;
    } else if (rule.when_nobody_free == WhenNobodyFree::refuse) {
        cause = memory.pools.is_attended(where) ? Missed::busy : Missed::absent;
    } else if (memory.pools.waiting(where) >= static_cast<std::size_t>(rule.waiting_max)) {
        cause = Missed::full;
    }
    if (cause) miss(turn, asker, where, *cause);
    return !cause;
}

CloseReason close_reason_of(Role role) {
    switch (role) {
        case Role::visitor:
            return CloseReason::visitor;
        case Role::agent:
        case Role::bot:
            return CloseReason::agent;
        default:
            return CloseReason::manager;
    }
}

}  // namespace

void start(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const StartConversation& command) {
    if (const auto refusal = authorize(asker.principal, Action::start_conversation, nullptr))
        return turn.refuse(*refusal);
    if (!is_timely(memory, turn, command.client_message_id)) return;
    SentMessage sent;
    sent.id = command.client_message_id;
    sent.sender = asker.principal.person;
    sent.content_hash = start_hash(command.channel, command.text);
    if (sent.sender.id != 0 && was_sent(memory, turn, facts, sent)) return;

    if (!memory.sites.contains(command.site)) return turn.refuse(Refusal::not_found, "site");
    if (command.channel != Channel::chat && command.channel != Channel::messaging)
        return turn.refuse(Refusal::invalid, "channel");
    if (const auto id = memory.visitors.talk_of(asker.visitor.public_id, command.channel)) {
        const PublicId open_one = memory.conversations.find(id)->open.conversation.public_id;
        return turn.answer(Refused{Refusal::already_open, {}, open_one, {}});
    }
    const WaitingClass where{command.site, command.channel};
    if (!is_let_in(memory, turn, asker, where)) return;
    const bool patient = rule_of(memory, where).when_nobody_free == WhenNobodyFree::leave_message;
    const MessageStored stored = open(memory,
                                      turn,
                                      {asker.visitor,
                                       command.conversation,
                                       command.site,
                                       command.channel,
                                       patient,
                                       command.client_message_id,
                                       sent.content_hash,
                                       command.text});
    sent.sender = person(memory.conversations.find(stored.conversation)->open.conversation.visitor);
    remember(memory, std::move(sent), stored);
    turn.answer(stored);
}

OpenTalk* allowed_talk(TenantMemory& memory,
                       Turn& turn,
                       const Asker& asker,
                       const Facts& facts,
                       std::pair<Action, PublicId> wanted) {
    const auto& [action, id] = wanted;
    OpenTalk* talk = memory.conversations.find(id);
    ConversationAccess object;
    if (talk != nullptr) {
        object = talk->access(memory.tenant);
        const Desk* desk = memory.staff.find(account_of(asker.principal.person));
        object.is_offered = action == Action::claim && desk != nullptr &&
                            memory.pools.serves(*desk, talk->open.conversation.site);
    } else {
        const auto stored =
            std::ranges::find(facts.conversations, wanted.second, &StoredConversation::public_id);
        if (stored == facts.conversations.end()) {
            turn.refuse(Refusal::not_found, "conversation_id");
            return nullptr;
        }
        object = stored->access;
    }
    if (const auto refusal = authorize(asker.principal, action, &object)) {
        turn.refuse(*refusal, *refusal == Refusal::not_found ? "conversation_id" : "");
        return nullptr;
    }
    if (talk == nullptr) turn.refuse(Refusal::conversation_closed, "conversation_id");
    return talk;
}

void send(TenantMemory& memory,
          Turn& turn,
          const Asker& asker,
          const Facts& facts,
          const SendMessage& command) {
    if (!is_timely(memory, turn, command.client_message_id)) return;
    SentMessage sent;
    sent.id = command.client_message_id;
    sent.sender = asker.principal.person;
    sent.content_hash = send_hash(command.conversation, command.kind, command.text);
    if (sent.sender.id != 0 && was_sent(memory, turn, facts, sent)) return;

    const bool note = command.kind == EntryKind::note;
    const auto action = note ? Action::send_note : Action::send_text;
    OpenTalk* talk = allowed_talk(memory, turn, asker, facts, {action, command.conversation});
    if (talk == nullptr) return;
    const bool rests = talk->open.conversation.state == ConversationState::inactive && !note;
    const bool by_visitor = asker.principal.role == Role::visitor;
    if (rests && !by_visitor) {
        const Desk& desk = *talk->desk;
        const Channel channel = talk->open.conversation.channel;
        // As when he claims.
        if (!desk.connected || !desk.is_open(channel)) return turn.refuse(Refusal::forbidden);
        if (!desk.has_room(channel)) return turn.refuse(Refusal::agent_full);
        resume(memory, turn, *talk);
    }
    NewEntry entry{asker.view,
                   command.kind,
                   note ? Visibility::agents : Visibility::all,
                   command.client_message_id,
                   sent.content_hash,
                   command.text};
    const MessageStored stored = append(memory, turn, *talk, std::move(entry));
    if (rests && by_visitor) bring_back(memory, turn, *talk);
    remember(memory, std::move(sent), stored);
    turn.answer(stored);
}

void close(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const CloseConversation& command) {
    const OpenTalk* talk = allowed_talk(
        memory, turn, asker, facts, {Action::close_conversation, command.conversation});
    if (talk == nullptr) return;
    close(memory,
          turn,
          talk->open.conversation.id,
          {asker.view, close_reason_of(asker.principal.role)});
    turn.answer(ConversationClosed{command.conversation});
}

}  // namespace switchboard
