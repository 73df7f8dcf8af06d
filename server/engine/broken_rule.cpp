#include <map>

#include "engine/conversations/patience.hpp"
#include "engine/state_text.hpp"
#include "engine/tenant_memory.hpp"

namespace switchboard {
namespace {

// What is wrong, and with whom.
struct Fault {
    std::string what;
    AgentId agent;
    ConversationId conversation;
};
using Broken = std::optional<Fault>;

std::string number(std::int64_t value) { return std::to_string(value); }

Fault fault(AgentId agent, const std::string& what) {
    return {"agent " + number(agent.value) + what, agent, {}};
}

Fault fault(const OpenTalk& talk, const std::string& what) {
    const ConversationId id = talk.open.conversation.id;
    return {"conversation " + number(id.value) + what, talk.agent(), id};
}

std::string text_of(const TenantMemory& memory, const Fault& fault) {
    std::string text = fault.what;
    if (const OpenTalk* talk = memory.conversations.find(fault.conversation))
        text += "; " + state_text(*talk);
    if (const Desk* desk = memory.staff.find(fault.agent)) text += "; " + state_text(*desk);
    return text;
}

// Each conversation is as its state says: an agent with a slot, an agent without, or none.
Broken broken_conversation(const TenantMemory& memory) {
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk->open.conversation;
        const bool active = conversation.state == ConversationState::active;
        const bool queued = conversation.state == ConversationState::queued;
        if (queued == static_cast<bool>(talk->agent()))
            return fault(*talk, " is queued with an agent, or open without");
        if (active != static_cast<bool>(talk->claim))
            return fault(*talk, " holds a slot it should not, or none");
        if (!queued != conversation.assigned_at.has_value())
            return fault(*talk, " has no time of assignment, or should not");
        const bool inactive = conversation.state == ConversationState::inactive;
        if (inactive != conversation.inactive_at.has_value())
            return fault(*talk, " has no time since it is inactive, or should not");
        const Desk* desk = memory.staff.find(talk->agent());
        if (desk != talk->desk) return fault(*talk, " is with another desk than its agent's");
        if (memory.visitors.talk_of(talk->open.visitor, conversation.channel) != id)
            return fault(*talk, " is not known to be its visitor's");
        if (queued) continue;
        if (desk == nullptr || !desk->conversations.contains(id))
            return fault(*talk, " is not known to its agent");
    }
    return std::nullopt;
}

Broken broken_slots(const TenantMemory& memory, const Desk& desk) {
    std::map<Channel, int> active;
    std::map<Channel, int> wrapping_up;
    for (const ConversationId id : desk.conversations) {
        const OpenTalk* talk = memory.conversations.find(id);
        if (talk == nullptr) return fault(desk.agent.id, " holds a conversation that is not open");
        if (talk->claim) ++active[talk->open.conversation.channel];
    }
    for (const auto& [claim, wrap_up] : desk.wrap_ups)
        ++wrapping_up[wrap_up.channel];
    for (const auto& [channel, seat] : desk.seats) {
        if (seat.used != active[channel] + wrapping_up[channel] ||
            seat.wrapping_up != wrapping_up[channel])
            return fault(desk.agent.id, " uses other slots than he has claims");
    }
    return std::nullopt;
}

Broken broken_claim(const TenantMemory& memory) {
    for (const auto& [id, desk] : memory.staff.desks()) {
        if (auto broken = broken_slots(memory, desk)) return broken;
        if (desk.connected != memory.roster.is_connected(desk.agent.public_id))
            return fault(id, " is not as connected as he is");
        if (desk.connected && !desk.is_present()) return fault(id, " is connected and absent");
    }
    return std::nullopt;
}

// Who is free, as the desks say: the pools, which assign, are not asked about themselves.
std::map<std::pair<GroupId, Channel>, AgentId> free_groups(const TenantMemory& memory) {
    std::map<std::pair<GroupId, Channel>, AgentId> groups;
    for (const auto& [id, desk] : memory.staff.desks()) {
        for (const auto& [channel, seat] : desk.seats) {
            if (!desk.is_assignable(channel)) continue;
            for (const GroupId group : desk.agent.groups)
                groups.insert({{group, channel}, id});
        }
    }
    return groups;
}

// Nobody waits while an agent who may take him is free.
Broken broken_queue(const TenantMemory& memory) {
    if (memory.pools.waiting().empty()) return std::nullopt;
    const auto free = free_groups(memory);
    for (const auto& [where, queue] : memory.pools.waiting()) {
        const auto site = memory.sites.find(where.first);
        if (site == memory.sites.end()) continue;
        for (const GroupId group : site->second.groups) {
            const auto found = free.find({group, where.second});
            if (found == free.end()) continue;
            const ConversationId first = queue.begin()->second;
            return Fault{"conversation " + number(first.value) + " waits although an agent is free",
                         found->second,
                         first};
        }
    }
    return std::nullopt;
}

// Each open conversation has its place: with an agent, in the queue, or resting.
Broken broken_places(const TenantMemory& memory) {
    std::size_t waiting = 0;
    std::size_t held = 0;
    for (const auto& [where, queue] : memory.pools.waiting())
        waiting += queue.size();
    for (const auto& [id, desk] : memory.staff.desks())
        held += desk.conversations.size();
    std::size_t queued = 0;
    for (const auto& [id, talk] : memory.conversations.all()) {
        if (talk->open.conversation.state == ConversationState::queued) ++queued;
    }
    const std::size_t with_agent = memory.conversations.all().size() - queued;
    if (waiting == queued && held == with_agent) return std::nullopt;
    const auto count = [](std::size_t value) { return number(static_cast<std::int64_t>(value)); };
    return Fault{count(queued) + " conversations are queued and " + count(with_agent) +
                     " have an agent, but " + count(waiting) + " wait and the agents hold " +
                     count(held),
                 {},
                 {}};
}

Broken broken_pool(const TenantMemory& memory) {
    for (const auto& [id, site] : memory.sites) {
        for (const Channel channel : {Channel::chat, Channel::messaging}) {
            const AgentId chosen = memory.pools.choose({id, channel});
            if (!chosen) continue;
            const Desk* desk = memory.staff.find(chosen);
            if (desk == nullptr || !desk->is_assignable(channel))
                return fault(chosen, " is offered work but not free");
        }
    }
    return std::nullopt;
}

// A chat is not kept for a visitor who went, nor for an agent who may not come back.
Broken broken_hope(const TenantMemory& memory) {
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk->open.conversation;
        const bool queued = conversation.state == ConversationState::queued;
        if (queued && conversation.left_at && !waits_for_visitor(conversation))
            return fault(*talk, " waits without its visitor");
        if (conversation.left_at && memory.roster.is_connected(talk->open.visitor))
            return fault(*talk, " counts its visitor as gone who is there");
        const Desk* desk = memory.staff.find(talk->agent());
        const bool goes = talk->alarms.find(AlarmKind::agent_gone).has_value();
        const bool gone = desk != nullptr && !(desk->is_present() && desk->agent.enabled);
        if (gone && talk->claim && !goes && !is_kept_for(memory.settings, *desk))
            return fault(*talk, " is kept for an agent who is gone");
    }
    return std::nullopt;
}

// Nobody rests for ever: what must end by the clock has its alarm.
Broken broken_alarm(const TenantMemory& memory) {
    for (const auto& [id, desk] : memory.staff.desks()) {
        const AlarmKey grace{AlarmKind::agent_grace, id.value, {}};
        if (desk.is_present() && !desk.connected && !memory.alarms.find(grace))
            return fault(id, " is reconnecting without end");
    }
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk->open.conversation;
        if (conversation.state != ConversationState::active || conversation.joined_at) continue;
        const Desk* desk = memory.staff.find(talk->agent());
        const bool ends = talk->alarms.find(AlarmKind::confirmation).has_value();
        if (desk != nullptr && desk->connected && !ends) return fault(*talk, " is never confirmed");
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> broken_rule(const TenantMemory& memory) {
    for (const auto rule : {broken_conversation,
                            broken_claim,
                            broken_queue,
                            broken_places,
                            broken_pool,
                            broken_hope,
                            broken_alarm}) {
        if (const auto broken = rule(memory)) return text_of(memory, *broken);
    }
    return std::nullopt;
}

std::optional<std::string> stuck(const TenantMemory& memory) {
    for (const auto rule : {broken_queue, broken_places, broken_pool, broken_hope, broken_claim}) {
        if (const auto broken = rule(memory)) return text_of(memory, *broken);
    }
    return std::nullopt;
}

}  // namespace switchboard
