#include "engine/work/transitions.hpp"

#include "domain/text.hpp"
#include "engine/views.hpp"
#include "engine/work/timeline.hpp"

namespace switchboard {
namespace {

void store_conversation(Turn& turn, const OpenTalk& talk) {
    turn.store(ConversationRecord{turn.take_pos(), talk.open.conversation});
}

ClaimRecord claim_of(const OpenTalk& talk, Pos pos) {
    ClaimRecord claim;
    claim.pos = pos;
    claim.id = talk.claim;
    claim.agent = talk.agent;
    claim.conversation = talk.open.conversation.id;
    claim.channel = talk.open.conversation.channel;
    return claim;
}

// queued -> active.
void assign(TenantMemory& memory, Turn& turn, OpenTalk& talk, Desk& desk) {
    Conversation& conversation = talk.open.conversation;
    {
        const Reseating reseating(memory.pools, desk);
        ++desk.seats.at(conversation.channel).used;
    }
    desk.conversations.insert(conversation.id);
    const Pos pos = turn.take_pos();
    talk.agent = desk.agent.id;
    talk.claim = ClaimId{pos};
    conversation.state = ConversationState::active;
    conversation.assigned_at = turn.now();

    ClaimRecord claim = claim_of(talk, pos);
    claim.admission = Admission::new_work;
    claim.active_pos = pos;
    turn.store(claim);
    store_conversation(turn, talk);
    turn.touch(talk.agent);
    turn.touch(conversation.id, true);
    append_system(memory,
                  turn,
                  talk,
                  "assigned",
                  {{"agent", to_text(desk.agent.public_id)}, {"name", desk.agent.name}});
}

// The agent's slot becomes free; nothing when nobody is assigned. The queue is not served yet.
void release(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Desk* desk = memory.staff.find(talk.agent);
    if (desk == nullptr) return;
    const Conversation& conversation = talk.open.conversation;
    const Pos pos = turn.take_pos();
    {
        const Reseating reseating(memory.pools, *desk);
        --desk->seats.at(conversation.channel).used;
        desk->agent.idle_pos = pos;
    }
    desk->conversations.erase(conversation.id);
    ClaimRecord claim = claim_of(talk, pos);
    claim.active_pos = talk.claim.value;
    claim.to_pos = pos;
    turn.store(claim);
    turn.touch(talk.agent);
}

StoredVisitor stored(TenantMemory& memory, Turn& turn, StoredVisitor visitor) {
    if (visitor.id) return visitor;
    visitor.id = VisitorId{turn.take_pos()};
    turn.store(VisitorRecord{visitor.id, visitor.public_id, visitor.name, turn.now()});
    memory.visitors.store(visitor.public_id, visitor.id);
    return visitor;
}

OpenTalk make_talk(Turn& turn, const Opening& opening, const StoredVisitor& visitor) {
    OpenTalk talk;
    Conversation& conversation = talk.open.conversation;
    conversation.id = ConversationId{turn.take_pos()};
    conversation.public_id = opening.public_id;
    conversation.visitor = visitor.id;
    conversation.site = opening.site;
    conversation.channel = opening.channel;
    conversation.ticket = conversation.id.value;
    conversation.opened_at = turn.now();
    talk.open.visitor = visitor.public_id;
    talk.open.visitor_name = visitor.name;
    talk.open.summary.awaiting_since = turn.now();
    return talk;
}

// Tells both sides, the agent by his name although his slot is free by now.
void publish_closed(Turn& turn, SummaryView summary) {
    summary.state = ConversationState::closed;
    summary.timeline.awaiting = Awaiting::nobody;
    summary.timeline.awaiting_since.reset();
    Publication publication;
    publication.to.push_back(summary.visitor.public_id);
    if (summary.agent.person.id != 0) publication.to.push_back(summary.agent.public_id);
    publication.what = std::move(summary);
    turn.publish(std::move(publication));
}

std::string_view name_of(PersonKind kind) {
    switch (kind) {
        case PersonKind::visitor:
            return "visitor";
        case PersonKind::agent:
            return "agent";
        case PersonKind::bot:
            return "bot";
        case PersonKind::manager:
            return "manager";
        case PersonKind::system:
            break;
    }
    return "system";
}

}  // namespace

MessageStored open(TenantMemory& memory, Turn& turn, Opening opening) {
    const StoredVisitor visitor = stored(memory, turn, opening.visitor);
    memory.visitors.hold(visitor);
    OpenTalk& talk = memory.conversations.add(make_talk(turn, opening, visitor));
    const Conversation& conversation = talk.open.conversation;
    turn.store(ConversationRecord{conversation.id.value, conversation});
    const auto hash = start_hash(opening.channel, opening.text);
    const MessageStored answer = append(memory,
                                        turn,
                                        talk,
                                        {view_of(visitor),
                                         EntryKind::text,
                                         opening.client_message_id,
                                         hash,
                                         std::move(opening.text)});
    if (Desk* desk = memory.staff.find(memory.pools.choose(opening.site, opening.channel))) {
        assign(memory, turn, talk, *desk);
    } else {
        memory.pools.add_waiting(conversation);
        append_system(memory, turn, talk, "queued", {});
    }
    turn.touch(conversation.id, true);
    return answer;
}

void close(TenantMemory& memory, Turn& turn, ConversationId id, const PersonView& by) {
    OpenTalk& talk = *memory.conversations.find(id);
    Conversation& conversation = talk.open.conversation;
    const AgentId agent = talk.agent;
    if (conversation.state == ConversationState::queued) memory.pools.remove_waiting(conversation);
    append_system(memory, turn, talk, "closed", {{"by", std::string(name_of(by.person.kind))}});
    publish_closed(turn, summary_of(memory, talk));
    release(memory, turn, talk);

    conversation.state = ConversationState::closed;
    conversation.closed_at = turn.now();
    conversation.closed_by = by.person;
    store_conversation(turn, talk);
    memory.visitors.forget(talk.open.visitor);
    std::erase_if(memory.progress, [id](const auto& item) { return item.first.first == id; });
    memory.conversations.remove(id);
    serve_queue(memory, turn, agent);
}

void serve_queue(TenantMemory& memory, Turn& turn, AgentId agent) {
    Desk* desk = memory.staff.find(agent);
    if (desk == nullptr) return;
    for (const auto& [channel, seat] : desk->seats) {
        while (desk->is_assignable(channel)) {
            OpenTalk* talk = memory.conversations.find(memory.pools.next_waiting(*desk, channel));
            if (talk == nullptr) break;
            memory.pools.remove_waiting(talk->open.conversation);
            assign(memory, turn, *talk, *desk);
        }
    }
}

}  // namespace switchboard
