#pragma once

#include <boost/container/flat_map.hpp>
#include <boost/container/flat_set.hpp>
#include <boost/container/small_vector.hpp>
#include <boost/unordered/unordered_flat_map.hpp>

#include <map>
#include <string>

#include "domain/tenant_state.hpp"

namespace switchboard {

// An agent's place on one channel.
struct Seat {
    AgentChannel limits;
    int used = 0;         // open claims
    int wrapping_up = 0;  // of these, whose conversation is closed
};

// What made an agent disappear from his conversations (K12).
enum class AgentGone : std::uint8_t { not_connected, logged_out, unresponsive, disabled };

// A slot held after its conversation was closed (C6).
struct WrapUp {
    ConversationId conversation;
    Channel channel = Channel::chat;
    Pos pos = 0;
    Time until;
};

// An agent as the engine knows him. What most commands touch lies within him: with ten thousand
// agents each further allocation is a line of cache to wait for.
struct Desk {
    Agent agent;  // its `channels` is empty: the seats have them
    boost::container::small_flat_map<Channel, Seat, 2> seats;
    boost::container::small_flat_set<ConversationId, 4> conversations;  // his, active and inactive
    std::map<ClaimId, WrapUp> wrap_ups;
    bool connected = false;
    AgentGone gone = AgentGone::not_connected;  // why, while he is absent

    int used() const;
    bool is_present() const { return agent.attendance != Attendance::absent; }

    // Whether the seat is for work at all: switched on, of an account that is, whose role serves.
    bool is_open(const Seat& seat) const;
    bool is_open(Channel channel) const;  // there is such a seat

    // His colour on a channel (S1, S2), computed as if connected while he is reconnecting (S6).
    Colour colour(Channel channel) const;

    // Green, and not reconnecting.
    bool is_assignable(Channel channel) const;

    // Whether another conversation on the channel stays within the limits, whatever his colour.
    bool has_room(Channel channel) const;       // for new work (C1, C2); ask first is_open()
    bool can_take_back(Channel channel) const;  // open for one that returns, up to the hard maximum
};

// The agent as he is stored, with his channels.
Agent written_down(const Desk& desk);

// The agents of the tenant, with their slots.
class Staff {
public:
    Staff() = default;
    Staff(Staff&&) = default;  // not copied: the tables point into the map
    Staff& operator=(Staff&&) = default;

    Desk& add(Agent agent);

    // Nobody: no such agent.
    Desk* find(AgentId id);
    const Desk* find(AgentId id) const;
    Desk* find(const PublicId& public_id);

    // Whether another account than `except` has this login.
    bool has_login(const std::string& login, AgentId except) const;

    const std::map<AgentId, Desk>& desks() const { return desks_; }

private:
    std::map<AgentId, Desk> desks_;
    boost::unordered_flat_map<AgentId, Desk*, IdHash> by_id_;
    boost::unordered_flat_map<PublicId, Desk*, IdHash> by_public_id_;
};

}  // namespace switchboard
