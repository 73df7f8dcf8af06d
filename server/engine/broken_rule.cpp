#include "engine/tenant_memory.hpp"

namespace switchboard {
namespace {

using Broken = std::optional<std::string>;

std::string number(std::int64_t value) { return std::to_string(value); }

// Claims and conversations: each active conversation has one agent, who knows of it.
Broken broken_claim(const TenantMemory& memory) {
    std::map<std::pair<AgentId, Channel>, int> held;
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk.open.conversation;
        const bool active = conversation.state == ConversationState::active;
        if (active != static_cast<bool>(talk.agent))
            return "conversation " + number(id.value) +
                   " is active without an agent, or queued with";
        if (active != talk.open.conversation.assigned_at.has_value())
            return "conversation " + number(id.value) + " has no time of assignment, or should not";
        if (!active) continue;
        const Desk* desk = memory.staff.find(talk.agent);
        if (desk == nullptr || !desk->conversations.contains(id))
            return "agent " + number(talk.agent.value) + " does not know " + number(id.value);
        ++held[{talk.agent, conversation.channel}];
    }
    for (const auto& [id, desk] : memory.staff.desks()) {
        for (const auto& [channel, seat] : desk.seats) {
            if (seat.used != held[{id, channel}])
                return "agent " + number(id.value) + " uses other slots than he has claims";
        }
        for (const ConversationId conversation : desk.conversations) {
            if (memory.conversations.find(conversation) == nullptr)
                return "agent " + number(id.value) + " holds a conversation that is not open";
        }
    }
    return std::nullopt;
}

// Nobody waits while an agent who may take him is free.
Broken broken_queue(const TenantMemory& memory) {
    std::size_t queued = 0;
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk.open.conversation;
        if (conversation.state != ConversationState::queued) continue;
        ++queued;
        if (memory.pools.choose(conversation.site, conversation.channel))
            return "conversation " + number(id.value) + " waits although an agent is free";
    }
    if (queued != memory.pools.waiting()) return "the queue holds others than those who wait";
    return std::nullopt;
}

Broken broken_pool(const TenantMemory& memory) {
    for (const Site& site : memory.sites) {
        for (const Channel channel : {Channel::chat, Channel::messaging}) {
            const AgentId chosen = memory.pools.choose(site.id, channel);
            if (!chosen) continue;
            const Desk* desk = memory.staff.find(chosen);
            if (desk == nullptr || !desk->is_assignable(channel))
                return "agent " + number(chosen.value) + " is offered work but not free";
        }
    }
    return std::nullopt;
}

}  // namespace

std::optional<std::string> broken_rule(const TenantMemory& memory) {
    for (const auto rule : {broken_claim, broken_queue, broken_pool}) {
        if (auto broken = rule(memory)) return broken;
    }
    return std::nullopt;
}

}  // namespace switchboard
