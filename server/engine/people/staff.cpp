#include "engine/people/staff.hpp"

#include <algorithm>
#include <utility>

#include "domain/authorize.hpp"

namespace switchboard {
namespace {

// Whether one more fits when `kept` of the slots used over all channels, and `kept_here` of those
// of the channel, stay in use.
bool fits(const Desk& desk, const Seat& seat, int kept, int kept_here) {
    const int total_max = desk.agent.total_max;
    return kept_here < seat.limits.slots_max && (total_max == 0 || kept < total_max);
}

int wrapping_up(const Desk& desk) {
    int count = 0;
    for (const auto& [channel, seat] : desk.seats)
        count += seat.wrapping_up;
    return count;
}

Reason reason_of(const Desk& desk, const Seat& seat) {
    if (!desk.is_open(seat)) return Reason::not_enabled;
    if (desk.agent.attendance == Attendance::absent) return Reason::not_connected;
    if (desk.agent.attendance == Attendance::away) return Reason::away;
    if (seat.limits.wish.intent == Intent::unavailable) return seat.limits.wish.cause;
    const int used = desk.used();
    if (fits(desk, seat, used, seat.used)) return Reason::ready;
    if (fits(desk, seat, used - wrapping_up(desk), seat.used - seat.wrapping_up))
        return Reason::wrap_up;
    return seat.used >= seat.limits.slots_max ? Reason::at_capacity : Reason::total_capacity;
}

Status status_of(Reason reason) {
    switch (reason) {
        case Reason::ready:
            return Status::available;
        case Reason::at_capacity:
        case Reason::total_capacity:
        case Reason::wrap_up:
            return Status::busy;
        default:
            return Status::unavailable;
    }
}

}  // namespace

int Desk::used() const {
    int count = 0;
    for (const auto& [channel, seat] : seats)
        count += seat.used;
    return count;
}

bool Desk::is_open(const Seat& seat) const {
    return seat.limits.enabled && agent.enabled && may_serve(agent.role);
}

bool Desk::is_open(Channel channel) const {
    const auto seat = seats.find(channel);
    return seat != seats.end() && is_open(seat->second);
}

Colour Desk::colour(Channel channel) const {
    const auto seat = seats.find(channel);
    if (seat == seats.end()) return {Status::unavailable, Reason::not_enabled, false};
    const Reason reason = reason_of(*this, seat->second);
    return {status_of(reason), reason, is_present() && !connected};
}

bool Desk::is_assignable(Channel channel) const {
    const auto seat = seats.find(channel);
    return connected && seat != seats.end() && reason_of(*this, seat->second) == Reason::ready;
}

bool Desk::has_room(Channel channel) const {
    const auto seat = seats.find(channel);
    return seat != seats.end() && fits(*this, seat->second, used(), seat->second.used);
}

bool Desk::can_take_back(Channel channel) const {
    const auto seat = seats.find(channel);
    if (seat == seats.end() || !is_open(seat->second)) return false;
    if (seat->second.used >= seat->second.limits.slots_hard_max) return false;
    return agent.total_max == 0 || used() < agent.total_max;
}

Agent written_down(const Desk& desk) {
    Agent agent = desk.agent;
    for (const auto& [channel, seat] : desk.seats)
        agent.channels.push_back(seat.limits);
    return agent;
}

Desk& Staff::add(Agent agent) {
    Desk& desk = desks_[agent.id];
    by_id_[agent.id] = &desk;
    by_public_id_[agent.public_id] = &desk;
    desk = {};
    for (const AgentChannel& limits : agent.channels)
        desk.seats[limits.channel].limits = limits;
    desk.agent = std::move(agent);
    desk.agent.channels.clear();
    return desk;
}

Desk* Staff::find(AgentId id) {
    if (!id) return nullptr;  // most often who is asked for is nobody
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const Desk* Staff::find(AgentId id) const { return const_cast<Staff*>(this)->find(id); }

Desk* Staff::find(const PublicId& public_id) {
    const auto found = by_public_id_.find(public_id);
    return found == by_public_id_.end() ? nullptr : found->second;
}

bool Staff::has_login(const std::string& login, AgentId except) const {
    return std::any_of(desks_.begin(), desks_.end(), [&](const auto& item) {
        return item.first != except && item.second.agent.login == login;
    });
}

}  // namespace switchboard
