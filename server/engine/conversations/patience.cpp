#include "engine/conversations/patience.hpp"

#include <algorithm>

#include "domain/authorize.hpp"
#include "engine/conversations/timeline.hpp"
#include "engine/conversations/transitions.hpp"

namespace switchboard {
namespace {

Time last_word(const OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    const Time assigned = conversation.assigned_at.value_or(conversation.opened_at);
    return std::max(talk.open.summary.last_message_at.value_or(assigned), assigned);
}

// When an active one is to become inactive, or a chat closed; whichever comes first.
std::optional<Time> silence_ends(const TenantMemory& memory, const OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    const TenantSettings& settings = memory.settings;
    const bool active = conversation.state == ConversationState::active;
    if (!active && conversation.state != ConversationState::inactive) return std::nullopt;
    const bool rests = active && settings.inactive_after.count() > 0;
    const bool closes = conversation.channel == Channel::chat && settings.close_after.count() > 0;
    if (rests) return last_word(talk) + settings.inactive_after;
    if (!closes) return std::nullopt;
    return (active ? last_word(talk) : *conversation.inactive_at) + settings.close_after;
}

constexpr Closing by_itself(CloseReason reason) { return {{}, reason}; }

void note_left(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    Conversation& conversation = talk.open.conversation;
    if (conversation.left_at) return;
    conversation.left_at = turn.now();
    turn.store(ConversationRecord{turn.take_pos(), conversation});
    append_system(memory, turn, talk, {"visitor_left", {}, Visibility::agents});
}

}  // namespace

bool waits_for_visitor(const Conversation& conversation) {
    return conversation.patient || conversation.channel == Channel::messaging;
}

void arm_silence(TenantMemory& memory, OpenTalk& talk) {
    const auto at = silence_ends(memory, talk);
    if (at) {
        memory.conversations.set_alarm(talk, AlarmKind::silence, *at);
    } else {
        memory.conversations.cancel_alarm(talk, AlarmKind::silence);
    }
}

void arm_wait_limit(TenantMemory& memory, OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    const auto wait_max = rule_of(memory, {conversation.site, conversation.channel}).wait_max;
    const bool waits = conversation.state == ConversationState::queued && !conversation.patient;
    if (waits && wait_max.count() > 0) {
        memory.conversations.set_alarm(
            talk, AlarmKind::wait_limit, conversation.queued_at + wait_max);
    } else {
        memory.conversations.cancel_alarm(talk, AlarmKind::wait_limit);
    }
}

void arm_absence(TenantMemory& memory, Time now, OpenTalk& talk) {
    if (talk.open.conversation.state != ConversationState::active) return;
    const Desk& desk = *talk.desk;
    if (desk.is_present() || is_kept_for(memory.settings, desk)) return;
    if (!talk.alarms.find(AlarmKind::agent_gone))
        memory.conversations.set_alarm(talk, AlarmKind::agent_gone, now);
}

bool is_kept_for(const TenantSettings& settings, const Desk& desk) {
    const bool may_return = desk.agent.enabled && may_serve(desk.agent.role);
    return may_return && settings.when_agent_gone == WhenAgentGone::keep;
}

void note_silence(TenantMemory& memory, Turn& turn, ConversationId id) {
    OpenTalk* talk = memory.conversations.find(id);
    if (talk == nullptr) return;
    const auto at = silence_ends(memory, *talk);
    if (!at || *at > turn.now()) return arm_silence(memory, *talk);
    const bool active = talk->open.conversation.state == ConversationState::active;
    if (active && memory.settings.inactive_after.count() > 0)
        return make_inactive(memory, turn, *talk);
    close(memory, turn, id, by_itself(CloseReason::idle));
}

void note_wait_limit(TenantMemory& memory, Turn& turn, ConversationId id) {
    OpenTalk* talk = memory.conversations.find(id);
    if (talk == nullptr) return;
    const Conversation& conversation = talk->open.conversation;
    if (conversation.state != ConversationState::queued || conversation.patient) return;
    const SiteRule rule = rule_of(memory, {conversation.site, conversation.channel});
    if (rule.wait_max.count() == 0 || conversation.queued_at + rule.wait_max > turn.now())
        return arm_wait_limit(memory, *talk);
    if (rule.when_waited_long == WhenWaitedLong::leave_message)
        return leave_as_message(memory, turn, *talk);
    close(memory, turn, id, by_itself(CloseReason::wait_limit));
}

std::vector<ConversationId> talks_of(const TenantMemory& memory, const PublicId& visitor) {
    std::vector<ConversationId> talks;
    for (const Channel channel : channels) {
        if (const auto talk = memory.visitors.talk_of(visitor, channel)) talks.push_back(talk);
    }
    return talks;
}

void note_visitor_gone(TenantMemory& memory, Turn& turn, const PublicId& visitor) {
    if (memory.roster.is_connected(visitor)) return;
    const StoredVisitor* known = memory.visitors.find(visitor);
    if (known == nullptr) return;
    for (const ConversationId id : talks_of(memory, visitor)) {
        OpenTalk& talk = *memory.conversations.find(id);
        const Conversation& conversation = talk.open.conversation;
        if (waits_for_visitor(conversation)) continue;
        if (conversation.state == ConversationState::queued) {
            close(memory, turn, id, by_itself(CloseReason::abandoned));
        } else {
            note_left(memory, turn, talk);
        }
    }
}

void note_queued_again(TenantMemory& memory, Turn& turn, ConversationId id) {
    const Conversation& conversation = memory.conversations.find(id)->open.conversation;
    if (conversation.left_at && !waits_for_visitor(conversation))
        close(memory, turn, id, by_itself(CloseReason::abandoned));
}

void note_visitor_back(TenantMemory& memory, Turn& turn, const StoredVisitor& visitor) {
    memory.alarms.cancel({AlarmKind::visitor_grace, 0, visitor.public_id});
    for (const ConversationId id : talks_of(memory, visitor.public_id)) {
        OpenTalk& talk = *memory.conversations.find(id);
        if (!talk.open.conversation.left_at) continue;
        talk.open.conversation.left_at.reset();
        turn.store(ConversationRecord{turn.take_pos(), talk.open.conversation});
        append_system(memory, turn, talk, {"visitor_back", {}, Visibility::agents});
    }
}

void note_visitor_writes(TenantMemory& memory, Turn& turn, const OpenTalk& talk) {
    const OpenConversation& open = talk.open;
    if (!open.conversation.left_at) return;
    note_visitor_back(memory, turn, {open.conversation.visitor, open.visitor, open.visitor_name});
    if (!memory.roster.is_connected(open.visitor))
        memory.alarms.set({AlarmKind::visitor_grace, 0, open.visitor},
                          turn.now() + memory.settings.visitor_grace);
}

}  // namespace switchboard
