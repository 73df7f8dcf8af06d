#pragma once

#include <map>
#include <set>

#include "domain/publication.hpp"
#include "domain/tenant_state.hpp"

namespace switchboard {

// An agent's place on one channel.
struct Seat {
    AgentChannel limits;
    int used = 0;  // open claims
};

// An agent as the engine knows him.
struct Desk {
    Agent agent;  // its `channels` is empty: the seats have them
    std::map<Channel, Seat> seats;
    std::set<ConversationId> conversations;  // assigned to him
    bool connected = false;

    // Green: one more new conversation on this channel would be accepted now (S1).
    Status status(Channel channel) const;
    bool is_assignable(Channel channel) const { return status(channel) == Status::available; }
};

// The agents of the tenant, with their slots.
class Staff {
public:
    void add(Agent agent);

    // Nobody: no such agent.
    Desk* find(AgentId id);
    const Desk* find(AgentId id) const;

    const std::map<AgentId, Desk>& desks() const { return desks_; }

private:
    std::map<AgentId, Desk> desks_;
};

}  // namespace switchboard
