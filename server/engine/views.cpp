#include "engine/views.hpp"

namespace switchboard {

PersonView view_of(const Agent& agent) { return {person(agent.id), agent.public_id, agent.name}; }

PersonView view_of(const StoredVisitor& visitor) {
    return {person(visitor.id), visitor.public_id, visitor.name};
}

PersonView visitor_of(const OpenTalk& talk) {
    const OpenConversation& open = talk.open;
    return {person(open.conversation.visitor), open.visitor, open.visitor_name};
}

PersonView agent_of(const OpenTalk& talk) {
    return talk.desk == nullptr ? PersonView{} : view_of(talk.desk->agent);
}

namespace {

TimelineSummary without_unread(const TimelineSummary& summary) {
    TimelineSummary copy;
    copy.last_seq = summary.last_seq;
    copy.last_public_seq = summary.last_public_seq;
    copy.last_message_at = summary.last_message_at;
    copy.last_visitor_message = summary.last_visitor_message;
    copy.awaiting = summary.awaiting;
    copy.awaiting_since = summary.awaiting_since;
    return copy;
}

}  // namespace

SummaryView summary_of(const OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    SummaryView view{conversation.public_id,
                     conversation.channel,
                     conversation.state,
                     conversation.ticket,
                     visitor_of(talk),
                     agent_of(talk),
                     conversation.opened_at,
                     conversation.assigned_at,
                     conversation.joined_at,
                     without_unread(talk.open.summary),
                     static_cast<int>(talk.open.summary.unread.size()),
                     conversation.patient,
                     conversation.left_at.has_value(),
                     conversation.close_reason};
    if (conversation.state == ConversationState::inactive) {
        view.timeline.awaiting = Awaiting::nobody;
        view.timeline.awaiting_since.reset();
    }
    return view;
}

PresenceView presence_of(const TenantMemory& memory, const Desk& desk, Channel channel) {
    const Seat& seat = desk.seats.at(channel);
    return {desk.agent.public_id,
            channel,
            seat.limits.enabled,
            seat.limits.wish,
            desk.colour(channel),
            seat.used,
            seat.limits.slots_max,
            memory.log_pos};
}

PointerView pointer_of(const TenantMemory& memory, const OpenTalk& talk, const Pointer& pointer) {
    PersonView who;
    if (pointer.person.kind == PersonKind::visitor) {
        who = visitor_of(talk);
    } else if (const Desk* desk = memory.staff.find(AgentId{pointer.person.id})) {
        who = view_of(desk->agent);
    }
    return {talk.open.conversation.public_id, who, pointer.delivered, pointer.seen};
}

namespace {

void add_to(WelcomeView& welcome, const TenantMemory& memory, const OpenTalk& talk) {
    welcome.conversations.push_back(summary_of(talk));
    for (const Pointer& pointer : talk.open.pointers)
        welcome.pointers.push_back(pointer_of(memory, talk, pointer));
}

}  // namespace

WelcomeView welcome_agent(const TenantMemory& memory, const Desk& desk) {
    WelcomeView welcome;
    welcome.self = view_of(desk.agent);
    for (const ConversationId id : desk.conversations)
        add_to(welcome, memory, *memory.conversations.find(id));
    for (const auto& [channel, seat] : desk.seats)
        welcome.presence.push_back(presence_of(memory, desk, channel));
    return welcome;
}

WelcomeView welcome_visitor(const TenantMemory& memory, const StoredVisitor& visitor, SiteId site) {
    WelcomeView welcome;
    welcome.self = view_of(visitor);
    const bool blocked = visitor.id && memory.blocks.find(visitor.id) != nullptr;
    for (const Channel channel : channels) {
        const auto id = memory.visitors.talk_of(visitor.public_id, channel);
        if (!id) continue;
        const OpenTalk* talk = memory.conversations.find(id);
        add_to(welcome, memory, *talk);
        if (auto place = place_of(memory, talk->open.conversation))
            welcome.places.push_back(*place);
    }
    for (const Channel channel : availability_channels) {
        const auto answer = blocked ? Availability::no : availability_of(memory, {site, channel});
        welcome.availability.push_back({site, channel, answer});
    }
    welcome.draft_preview = memory.settings.draft_preview;
    return welcome;
}

}  // namespace switchboard
