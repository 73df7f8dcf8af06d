#include "engine/conversations/transitions.hpp"

#include "domain/text.hpp"
#include "engine/conversations/claims.hpp"
#include "engine/conversations/patience.hpp"
#include "engine/conversations/progress.hpp"
#include "engine/conversations/timeline.hpp"
#include "engine/people/agent_gone.hpp"
#include "engine/views.hpp"

namespace switchboard {
namespace {

using Shown = Turn::Shown;

constexpr auto ticket_kept_for = std::chrono::minutes(30);  // of being inactive (R5)

void store_conversation(Turn& turn, const OpenTalk& talk) {
    turn.store(ConversationRecord{turn.take_pos(), talk.open.conversation});
}

WaitingClass class_of(const Conversation& conversation) {
    return {conversation.site, conversation.channel};
}

void begin_waiting(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    const WaitingClass where = class_of(conversation);
    if (memory.pools.waiting(where) == 0) memory.waiting_room.paces[where].since = turn.now();
    conversation.state = ConversationState::queued;
    conversation.queued_at = turn.now();
    memory.pools.add_waiting(conversation);
    memory.waiting_room.moved.insert(where);
    arm_wait_limit(memory, talk);
    turn.touch(conversation.id, Shown::queue_state);
}

void end_waiting(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    memory.pools.remove_waiting(conversation);
    memory.waiting_room.moved.insert(class_of(conversation));
    memory.waiting_room.places.erase(conversation.id);
    memory.conversations.cancel_alarm(talk, AlarmKind::wait_limit);
    turn.touch(conversation.id, Shown::queue_state);
}

void note_pace(TenantMemory& memory, const Turn& turn, const OpenTalk& talk) {
    auto& pace = memory.waiting_room.paces[class_of(talk.open.conversation)];
    const auto interval = turn.now() - pace.since;
    pace.mean = pace.mean ? *pace.mean + (interval - *pace.mean) / 8 : interval;
    pace.since = turn.now();
}

// -> active with this agent, whose client has to confirm it.
void assign(TenantMemory& memory, Turn& turn, OpenTalk& talk, Desk& desk) {
    Conversation& conversation = talk.open.conversation;
    const bool returns = conversation.state == ConversationState::inactive;
    const auto admission =
        returns && conversation.agent == desk.agent.id ? Admission::returning : Admission::new_work;
    talk.give_to(&desk);
    conversation.state = ConversationState::active;
    conversation.assigned_at = turn.now();
    conversation.joined_at.reset();
    conversation.inactive_at.reset();
    take_slot(memory, turn, talk, admission);
    store_conversation(turn, talk);
    memory.conversations.set_alarm(
        talk, AlarmKind::confirmation, turn.now() + memory.settings.confirm_within);
    arm_silence(memory, talk);
    turn.touch(conversation.id, Shown::state);
}

// The line names the agent as well.
void append_agent(
    TenantMemory& memory, Turn& turn, OpenTalk& talk, const Desk& desk, SystemLine line) {
    const std::string id = to_text(desk.agent.public_id);
    line.parameters = {{"agent", id}, {"name", desk.agent.name}};
    append_system(memory, turn, talk, line);
}

// queued -> active.
void assign_waiting(TenantMemory& memory, Turn& turn, OpenTalk& talk, Desk& desk) {
    note_pace(memory, turn, talk);
    end_waiting(memory, turn, talk);
    assign(memory, turn, talk, desk);
    append_agent(memory, turn, talk, desk, {"assigned", {}, Visibility::agents});
}

// The slot is freed; who had it is nobody's agent, or keeps it.
void release(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    memory.conversations.cancel_alarm(talk, AlarmKind::confirmation);
    free_slot(memory, turn, talk);
}

// It is no longer its agent's, who is told.
void take_away(Turn& turn, const OpenTalk& talk) {
    const ConversationId id = talk.open.conversation.id;
    if (talk.desk != nullptr) talk.desk->conversations.erase(id);
    turn.touch_former(id, talk.agent());
}

// To another agent who is free now, or to the queue, with its ticket.
AfterAgent pass_on(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    Desk* next = memory.staff.find(memory.pools.choose(class_of(conversation)));
    talk.give_to(nullptr);
    conversation.assigned_at.reset();
    conversation.joined_at.reset();
    conversation.inactive_at.reset();
    if (next != nullptr) {
        conversation.state = ConversationState::queued;
        assign(memory, turn, talk, *next);
        append_agent(memory, turn, talk, *next, {"assigned", {}, Visibility::agents});
        return AfterAgent::reassigned;
    }
    memory.conversations.cancel_alarm(talk, AlarmKind::silence);
    begin_waiting(memory, turn, talk);
    store_conversation(turn, talk);
    return AfterAgent::queued;
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
    conversation.queued_at = turn.now();
    conversation.patient = opening.patient;
    talk.open.visitor = visitor.public_id;
    talk.open.visitor_name = visitor.name;
    talk.open.summary.awaiting_since = turn.now();
    return talk;
}

// Tells both sides, the agent by his name although his slot is free by now.
void publish_closed(Turn& turn, SummaryView summary, const Conversation& conversation) {
    summary.state = ConversationState::closed;
    summary.close_reason = conversation.close_reason;
    summary.timeline.awaiting = Awaiting::nobody;
    summary.timeline.awaiting_since.reset();
    Publication& publication = turn.publish();
    publication.to.push_back(summary.visitor.public_id);
    if (summary.agent.person.id != 0) publication.to.push_back(summary.agent.public_id);
    if (conversation.state == ConversationState::queued) {
        publication.watchers = Watchers::queue;
        publication.site = conversation.site;
    }
    publication.what = std::move(summary);
}

// Who closed it, as both sides may know: to the visitor a block looks like any close.
std::string_view closer_of(const Closing& closing) {
    switch (closing.reason) {
        case CloseReason::visitor:
        case CloseReason::abandoned:
            return "visitor";
        case CloseReason::agent:
        case CloseReason::blocked:
            return "agent";
        case CloseReason::manager:
            return "manager";
        default:
            return "system";
    }
}

}  // namespace

MessageStored open(TenantMemory& memory, Turn& turn, Opening opening) {
    const StoredVisitor visitor = stored(memory, turn, opening.visitor);
    OpenTalk& talk = memory.conversations.add(make_talk(turn, opening, visitor));
    Conversation& conversation = talk.open.conversation;
    memory.visitors.begin_talk(visitor, conversation.channel, conversation.id);
    Desk* desk = memory.staff.find(memory.pools.choose(class_of(conversation)));
    conversation.patient = opening.patient && desk == nullptr;
    turn.store(ConversationRecord{conversation.id.value, conversation});
    NewEntry first;
    first.author = view_of(visitor);
    first.client_message_id = opening.client_message_id;
    first.content_hash = opening.content_hash;
    first.body = std::move(opening.text);
    const MessageStored answer = append(memory, turn, talk, std::move(first));
    if (desk != nullptr) {
        assign(memory, turn, talk, *desk);
        append_agent(memory, turn, talk, *desk, {"assigned", {}, Visibility::agents});
    } else {
        begin_waiting(memory, turn, talk);
        append_system(
            memory, turn, talk, {conversation.patient ? "left_as_message" : "queued", {}});
    }
    return answer;
}

void claim(TenantMemory& memory, Turn& turn, OpenTalk& talk, Desk& desk) {
    note_pace(memory, turn, talk);
    end_waiting(memory, turn, talk);
    assign(memory, turn, talk, desk);
    append_agent(memory, turn, talk, desk, {"claimed", {}, Visibility::agents});
    confirm(memory, turn, talk);
}

void confirm(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    memory.conversations.cancel_alarm(talk, AlarmKind::confirmation);
    conversation.joined_at = turn.now();
    store_conversation(turn, talk);
    append_agent(memory, turn, talk, *talk.desk, {"joined", {}});
    turn.touch(conversation.id, Shown::state);
}

void lose_agent(TenantMemory& memory, Turn& turn, OpenTalk& talk, AgentGone cause) {
    const bool silent = cause == AgentGone::not_connected || cause == AgentGone::logged_out;
    if (silent && memory.settings.when_agent_gone == WhenAgentGone::keep) {
        append_system(memory, turn, talk, {code_of(cause, AfterAgent::kept), {}});
        return;
    }
    const AgentId agent = talk.agent();
    release(memory, turn, talk);
    take_away(turn, talk);
    const AfterAgent after = pass_on(memory, turn, talk);
    append_system(memory, turn, talk, {code_of(cause, after), {}});
    if (after == AfterAgent::queued) note_queued_again(memory, turn, talk.open.conversation.id);
    serve_queue(memory, turn, agent);
}

void make_inactive(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    release(memory, turn, talk);
    conversation.state = ConversationState::inactive;
    conversation.inactive_at = turn.now();
    store_conversation(turn, talk);
    append_system(memory, turn, talk, {"inactive", {}, Visibility::agents});
    arm_silence(memory, talk);
    turn.touch(conversation.id, Shown::state);
    serve_queue(memory, turn, talk.agent());
}

void bring_back(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    note_visitor_writes(memory, turn, talk);
    Desk* desk = talk.desk;
    if (desk != nullptr && desk->is_present() && desk->can_take_back(conversation.channel)) {
        assign(memory, turn, talk, *desk);
        append_system(memory, turn, talk, {"active_again", {}, Visibility::agents});
        return;
    }
    take_away(turn, talk);
    if (turn.now() - conversation.inactive_at.value_or(turn.now()) > ticket_kept_for)
        conversation.ticket = turn.take_pos();
    const AfterAgent after = pass_on(memory, turn, talk);
    append_system(memory, turn, talk, {after == AfterAgent::queued ? "queued" : "reassigned", {}});
}

void resume(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    conversation.state = ConversationState::queued;  // for a slot of new work
    assign(memory, turn, talk, *talk.desk);
    append_system(memory, turn, talk, {"active_again", {}, Visibility::agents});
    confirm(memory, turn, talk);
}

void leave_as_message(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    memory.conversations.cancel_alarm(talk, AlarmKind::wait_limit);
    talk.open.conversation.patient = true;
    store_conversation(turn, talk);
    append_system(memory, turn, talk, {"left_as_message", {}});
    turn.touch(talk.open.conversation.id, Shown::queue_state);
}

void close(TenantMemory& memory, Turn& turn, ConversationId id, const Closing& closing) {
    OpenTalk& talk = *memory.conversations.find(id);
    Conversation& conversation = talk.open.conversation;
    const AgentId agent = talk.agent();
    conversation.close_reason = closing.reason;
    append_system(memory, turn, talk, {"closed", {{"by", closer_of(closing)}}});
    publish_closed(turn, summary_of(talk), conversation);
    if (conversation.state == ConversationState::queued) end_waiting(memory, turn, talk);
    if (conversation.state == ConversationState::active && !hold_for_wrap_up(memory, turn, talk))
        free_slot(memory, turn, talk);
    if (talk.desk != nullptr) talk.desk->conversations.erase(id);

    conversation.state = ConversationState::closed;
    conversation.closed_at = turn.now();
    conversation.closed_by = closing.by.person;
    store_conversation(turn, talk);
    memory.visitors.end_talk(talk.open.visitor, conversation.channel);
    forget_progress(memory, id);
    memory.conversations.remove(id);
    serve_queue(memory, turn, agent);
}

void end_wrap_up(TenantMemory& memory, Turn& turn, Desk& desk, ClaimId claim) {
    free_wrap_up(memory, turn, desk, claim);
    serve_queue(memory, turn, desk.agent.id);
}

void serve_queue(TenantMemory& memory, Turn& turn, AgentId agent) {
    Desk* desk = memory.staff.find(agent);
    if (desk == nullptr) return;
    for (const auto& [channel, seat] : desk->seats) {
        while (desk->is_assignable(channel)) {
            OpenTalk* talk = memory.conversations.find(memory.pools.next_waiting(*desk, channel));
            if (talk == nullptr) break;
            assign_waiting(memory, turn, *talk, *desk);
        }
    }
}

}  // namespace switchboard
