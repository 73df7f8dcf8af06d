#include "engine/people/direction.hpp"

#include <algorithm>

#include "engine/conversations/transitions.hpp"

namespace switchboard {
namespace {

constexpr int slots_limit = 100;  // of a person (C1)
constexpr int bot_slots_limit = 10'000;
constexpr int total_limit = 400;
constexpr std::chrono::seconds wrap_up_limit{3600};

void want(Turn& turn, Desk& desk, Channel channel, const Wish& wish, const Person& by) {
    AgentChannel& limits = desk.seats.at(channel).limits;
    if (limits.wish == wish) return;
    const bool turned_green =
        wish.intent == Intent::available && limits.wish.intent == Intent::unavailable;
    limits.wish = wish;
    const Pos pos = turn.take_pos();
    if (turned_green) desk.agent.idle_pos = pos;
    limits.version = pos;
    PresenceRecord record;
    record.pos = pos;
    record.agent = desk.agent.id;
    record.channel = channel;
    record.wish = wish;
    record.by = by;
    record.at = turn.now();
    record.turned_green = turned_green;
    turn.store_wish(std::move(record));
}

// Whose presence is to be set; none and refused when he may not.
Desk* directed(TenantMemory& memory, Turn& turn, const Asker& asker, const SetPresence& command) {
    const bool own = !command.agent || command.agent == asker.principal.public_id;
    const auto action = own ? Action::set_presence : Action::direct_agents;
    if (const auto refusal = authorize(asker.principal, action, nullptr)) {
        turn.refuse(*refusal);
        return nullptr;
    }
    Desk* desk = memory.staff.find(own ? asker.principal.public_id : command.agent);
    if (desk == nullptr) turn.refuse(Refusal::not_found, "agent_id");
    return desk;
}

// The agent with other limits on a channel.
Agent changed(Agent agent, const SetLimits& command) {
    AgentChannel wanted;
    wanted.channel = command.channel;
    wanted.enabled = command.enabled;
    wanted.slots_max = command.slots_max;
    wanted.slots_hard_max = command.slots_hard_max;
    wanted.wrap_up = command.wrap_up;
    std::erase_if(agent.channels,
                  [&](const AgentChannel& each) { return each.channel == command.channel; });
    agent.channels.push_back(wanted);
    std::ranges::sort(agent.channels, {}, &AgentChannel::channel);
    return agent;
}

Agent changed(Agent agent, const SetTotalLimit& command) {
    agent.total_max = command.total_max;
    return agent;
}

template <class What>
bool is_in_time(Turn& turn, const What& command, const Desk& desk) {
    if (!command.seen) return true;
    const Agent present = written_down(desk);
    return turn.is_in_time(
        command.seen, version_of(present), version_of(changed(present, command)));
}

}  // namespace

void set_presence(TenantMemory& memory,
                  Turn& turn,
                  const Asker& asker,
                  const SetPresence& command) {
    Desk* desk = directed(memory, turn, asker, command);
    if (desk == nullptr) return;
    if (command.text.size() > break_text_bytes_max) return turn.refuse(Refusal::invalid, "text");
    if (command.channel && !desk->seats.contains(*command.channel))
        return turn.refuse(Refusal::invalid, "channel");
    const bool own = desk->agent.public_id == asker.principal.public_id;
    Wish wish;
    wish.intent = command.intent;
    if (wish.intent == Intent::unavailable) {
        wish.cause = own ? Reason::chosen : Reason::set_by_manager;
        wish.text = command.text;
    }
    {
        const Reseating reseating(memory.pools, *desk);
        for (const auto& [channel, seat] : desk->seats) {
            if (command.channel && *command.channel != channel) continue;
            want(turn, *desk, channel, wish, asker.principal.person);
        }
    }
    serve_queue(memory, turn, desk->agent.id);
}

void turn_red(TenantMemory& memory, Turn& turn, Desk& desk, Reason cause) {
    const Reseating reseating(memory.pools, desk);
    for (const auto& [channel, seat] : desk.seats)
        want(turn, desk, channel, {Intent::unavailable, cause, {}}, {});
}

void set_limits(TenantMemory& memory, Turn& turn, const Asker& asker, const SetLimits& command) {
    if (const auto refusal = authorize(asker.principal, Action::set_limits, nullptr))
        return turn.refuse(*refusal);
    Desk* desk = memory.staff.find(command.agent);
    if (desk == nullptr) return turn.refuse(Refusal::not_found, "agent_id");
    const int limit = desk->agent.role == Role::bot ? bot_slots_limit : slots_limit;
    if (command.slots_max < 1 || command.slots_max > limit)
        return turn.refuse(Refusal::invalid, "slots_max");
    if (command.slots_hard_max < command.slots_max || command.slots_hard_max > limit)
        return turn.refuse(Refusal::invalid, "slots_hard_max");
    if (command.wrap_up.count() < 0 || command.wrap_up > wrap_up_limit)
        return turn.refuse(Refusal::invalid, "wrap_up");
    if (!is_in_time(turn, command, *desk)) return;
    {
        const Reseating reseating(memory.pools, *desk);
        AgentChannel& limits = desk->seats[command.channel].limits;
        limits.channel = command.channel;
        limits.enabled = command.enabled;
        limits.slots_max = command.slots_max;
        limits.slots_hard_max = command.slots_hard_max;
        limits.wrap_up = command.wrap_up;
    }
    turn.store(LimitRecord{turn.take_pos(),
                           desk->agent.id,
                           command.channel,
                           command.enabled,
                           command.slots_max,
                           command.slots_hard_max,
                           command.wrap_up});
    turn.touch(desk->agent.id);
    serve_queue(memory, turn, desk->agent.id);
}

void set_total_limit(TenantMemory& memory,
                     Turn& turn,
                     const Asker& asker,
                     const SetTotalLimit& command) {
    if (const auto refusal = authorize(asker.principal, Action::set_limits, nullptr))
        return turn.refuse(*refusal);
    Desk* desk = memory.staff.find(command.agent);
    if (desk == nullptr) return turn.refuse(Refusal::not_found, "agent_id");
    if (command.total_max < 0 || command.total_max > total_limit)
        return turn.refuse(Refusal::invalid, "total_max");
    if (!is_in_time(turn, command, *desk)) return;
    {
        const Reseating reseating(memory.pools, *desk);
        desk->agent.total_max = command.total_max;
    }
    turn.store(TotalLimitRecord{turn.take_pos(), desk->agent.id, command.total_max});
    turn.touch(desk->agent.id);
    serve_queue(memory, turn, desk->agent.id);
}

}  // namespace switchboard
