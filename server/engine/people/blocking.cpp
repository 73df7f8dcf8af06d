#include "engine/people/blocking.hpp"

#include <algorithm>

#include "domain/text.hpp"
#include "engine/conversations/patience.hpp"
#include "engine/conversations/talking.hpp"
#include "engine/conversations/timeline.hpp"
#include "engine/conversations/transitions.hpp"
#include "engine/conversations/waiting_room.hpp"
#include "engine/views.hpp"

namespace switchboard {
namespace {

void tell_visitor(TenantMemory& memory, Turn& turn, const Block& block, bool blocked) {
    for (const auto& [id, site] : memory.sites) {
        for (const Channel channel : availability_channels) {
            const auto answer = blocked ? Availability::no : availability_of(memory, {id, channel});
            const AvailabilityView availability{id, channel, answer};
            if (!blocked) note_told(memory, availability);
            Publication& publication = turn.publish();
            publication.to.push_back(block.visitor_public_id);
            publication.what = availability;
        }
    }
}

// The visitor of an own conversation, open or closed.
StoredVisitor visitor_of_talk(TenantMemory& memory,
                              Turn& turn,
                              const Asker& asker,
                              const Facts& facts,
                              const PublicId& conversation) {
    StoredVisitor visitor;
    ConversationAccess access;
    if (const OpenTalk* talk = memory.conversations.find(conversation)) {
        visitor = {talk->open.conversation.visitor, talk->open.visitor, talk->open.visitor_name};
        access = talk->access(memory.tenant);
    }
    for (const StoredConversation& stored : facts.conversations) {
        if (stored.public_id != conversation || visitor.id) continue;
        access = stored.access;
        visitor = {access.visitor, stored.visitor, stored.visitor_name};
    }
    if (!visitor.id) {
        turn.refuse(Refusal::not_found, "conversation_id");
        return {};
    }
    if (const auto refusal = authorize(asker.principal, Action::block, &access)) {
        turn.refuse(*refusal, *refusal == Refusal::not_found ? "conversation_id" : "");
        return {};
    }
    return visitor;
}

StoredVisitor visitor_named(const TenantMemory& memory,
                            Turn& turn,
                            const Asker& asker,
                            const Facts& facts,
                            const PublicId& public_id) {
    if (const auto refusal = authorize(asker.principal, Action::block_anyone, nullptr)) {
        turn.refuse(*refusal);
        return {};
    }
    StoredVisitor visitor;
    if (const StoredVisitor* held = memory.visitors.find(public_id)) visitor = *held;
    for (const StoredVisitor& stored : facts.visitors) {
        if (stored.public_id == public_id) visitor = stored;
    }
    if (!visitor.id) turn.refuse(Refusal::not_found, "visitor_id");
    return visitor;
}

// The block that was made under this id, whether in force or lifted; null: none.
const Block* find_known(const TenantMemory& memory, const Facts& facts, const PublicId& id) {
    if (const Block* held = memory.blocks.find(id)) return held;
    const auto is_it = [&](const Block& block) { return block.public_id == id; };
    const auto found = std::ranges::find_if(facts.blocks, is_it);
    return found == facts.blocks.end() ? nullptr : &*found;
}

// What a command asks for again that was carried out before and may be lifted since: it is told
// the same, and nobody is blocked anew. An id stands for one block for ever.
void answer_again(Turn& turn, const Block& known, const Block& asked) {
    const bool is_same = known.visitor == asked.visitor && known.by == asked.by &&
                         known.reason == asked.reason && known.expires_at == asked.expires_at;
    if (!is_same) return turn.refuse(Refusal::id_conflict);
    turn.answer(Blocked{known.public_id});
}

// What waits goes first: the slot that another one frees is not for him.
void end_talks(TenantMemory& memory, Turn& turn, const Asker& asker, const Block& block) {
    std::vector<ConversationId> talks = talks_of(memory, block.visitor_public_id);
    const auto waits = [&](ConversationId id) {
        return memory.conversations.find(id)->open.conversation.state == ConversationState::queued;
    };
    std::stable_partition(talks.begin(), talks.end(), waits);
    for (const ConversationId id : talks) {
        NewEntry entry;
        entry.author = asker.view;
        entry.kind = EntryKind::block;
        entry.visibility = Visibility::agents;
        entry.body = to_body({{"reason", block.reason}});
        append(memory, turn, *memory.conversations.find(id), std::move(entry));
        close(memory, turn, id, {asker.view, CloseReason::blocked});
    }
}

void lift(TenantMemory& memory, Turn& turn, BlockId id, const Person& by) {
    const Block block = *memory.blocks.find(id);
    memory.blocks.remove(id);
    memory.alarms.cancel({AlarmKind::block_expiry, id.value, {}});
    turn.store(LiftRecord{turn.take_pos(), id, by, turn.now()});
    tell_visitor(memory, turn, block, false);
}

}  // namespace

void block(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const BlockVisitor& command) {
    if (command.reason.size() > block_reason_bytes_max)
        return turn.refuse(Refusal::invalid, "reason");
    const StoredVisitor visitor =
        command.conversation ? visitor_of_talk(memory, turn, asker, facts, command.conversation)
                             : visitor_named(memory, turn, asker, facts, command.visitor);
    if (!visitor.id) return;
    Block made;
    made.public_id = command.block;
    made.visitor = visitor.id;
    made.visitor_public_id = visitor.public_id;
    made.visitor_name = visitor.name;
    made.by = asker.principal.person;
    made.reason = command.reason;
    made.at = turn.now();
    made.expires_at = command.expires_at;
    if (const Block* known = find_known(memory, facts, made.public_id))
        return answer_again(turn, *known, made);
    if (made.expires_at && *made.expires_at <= turn.now())
        return turn.refuse(Refusal::invalid, "expires_at");
    if (is_blocked(memory, turn, visitor.id))
        return turn.answer(Blocked{memory.blocks.find(visitor.id)->public_id});
    made.id = BlockId{turn.take_pos()};
    turn.store(BlockRecord{made.id.value, made});
    memory.blocks.add(made);
    if (made.expires_at)
        memory.alarms.set({AlarmKind::block_expiry, made.id.value, {}}, *made.expires_at);
    end_talks(memory, turn, asker, made);
    tell_visitor(memory, turn, made, true);
    turn.answer(Blocked{made.public_id});
}

void lift_block(TenantMemory& memory, Turn& turn, const Asker& asker, const LiftBlock& command) {
    if (const auto refusal = authorize(asker.principal, Action::lift_block, nullptr))
        return turn.refuse(*refusal);
    const Block* known = memory.blocks.find(command.block);
    if (known == nullptr) return turn.refuse(Refusal::not_found, "block_id");
    lift(memory, turn, known->id, asker.principal.person);
}

void list_blocks(const TenantMemory& memory, Turn& turn, const Asker& asker) {
    if (const auto refusal = authorize(asker.principal, Action::lift_block, nullptr))
        return turn.refuse(*refusal);
    BlocksView view;
    for (const auto& [id, block] : memory.blocks.all())
        view.blocks.push_back(block);
    turn.answer(std::move(view));
}

void note_block_expired(TenantMemory& memory, Turn& turn, BlockId id) {
    const Block* known = memory.blocks.find(id);
    if (known != nullptr && known->expires_at && *known->expires_at <= turn.now())
        lift(memory, turn, id, {});
}

bool is_blocked(TenantMemory& memory, Turn& turn, VisitorId visitor) {
    const Block* known = visitor ? memory.blocks.find(visitor) : nullptr;
    if (known == nullptr) return false;
    note_block_expired(memory, turn, known->id);
    return memory.blocks.find(visitor) != nullptr;
}

}  // namespace switchboard
