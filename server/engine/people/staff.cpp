#include "engine/people/staff.hpp"

#include <utility>

namespace switchboard {

Status Desk::status(Channel channel) const {
    const auto seat = seats.find(channel);
    if (seat == seats.end() || !seat->second.limits.enabled || !connected)
        return Status::unavailable;
    return seat->second.used < seat->second.limits.slots_max ? Status::available : Status::busy;
}

void Staff::add(Agent agent) {
    const AgentId id = agent.id;
    Desk desk;
    for (const AgentChannel& limits : agent.channels)
        desk.seats[limits.channel].limits = limits;
    desk.agent = std::move(agent);
    desk.agent.channels.clear();
    desks_[id] = std::move(desk);
}

Desk* Staff::find(AgentId id) {
    const auto found = desks_.find(id);
    return found == desks_.end() ? nullptr : &found->second;
}

const Desk* Staff::find(AgentId id) const { return const_cast<Staff*>(this)->find(id); }

}  // namespace switchboard
