#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/people/staff.hpp"

namespace switchboard {

// Whose conversations wait together: all of one site and channel have the same target groups, so
// one agent suits all of a class or none.
using WaitingClass = std::pair<SiteId, Channel>;

// Who is free and who waits, kept in order, so that a choice costs O(log n). Free agents stand once
// per group and channel, the waiting per class.
class Pools {
public:
    explicit Pools(const std::vector<Site>& sites);

    // The groups that serve a site, from now on.
    void set_groups(SiteId site, const std::vector<GroupId>& groups);

    // Puts the agent where his desk says he belongs; take him out before his desk changes.
    void put(const Desk& desk);
    void take_out(const Desk& desk);

    void add_waiting(const Conversation& conversation);
    void remove_waiting(const Conversation& conversation);

    // The least loaded assignable agent for a conversation of this class (R2): lowest used/max,
    // then longest idle, then lowest id. 0 when nobody is free.
    AgentId choose(WaitingClass wanted) const;

    // Whether an agent of the target groups is there, free or not.
    bool is_attended(WaitingClass wanted) const;

    // Whether the agent belongs to a target group.
    bool serves(const Desk& desk, SiteId site) const;

    // The waiting conversation that this agent would get next: the lowest ticket among the classes
    // he serves on this channel (R5). 0 when there is none.
    ConversationId next_waiting(const Desk& desk, Channel channel) const;

    // By ticket; no class without any.
    using Queue = std::map<Pos, ConversationId>;
    const std::map<WaitingClass, Queue>& waiting() const { return waiting_; }
    std::size_t waiting(WaitingClass wanted) const;

private:
    // How full an agent is; equal ones compare equal, 1 of 2 and 2 of 4.
    struct Load {
        int used = 0;
        int max = 1;
        bool operator<(const Load& other) const;
    };
    using Idle = std::pair<Pos, AgentId>;  // since when, then who
    // The free of one group and channel; no load without any. Who becomes free is the newest of his
    // load, and who is chosen the oldest: neither is looked for among the others.
    using Free = std::map<Load, std::set<Idle>>;

    static Load load_of(const Seat& seat) { return {seat.used, seat.limits.slots_max}; }
    static Idle idle_of(const Desk& desk) { return {desk.agent.idle_pos, desk.agent.id}; }
    static void take_out(Free& free, const Load& load, const Idle& who);
    const std::vector<GroupId>& groups_of(SiteId site) const;

    std::map<SiteId, std::vector<GroupId>> groups_of_;
    std::map<GroupId, std::vector<SiteId>> sites_of_;
    std::map<std::pair<GroupId, Channel>, Free> free_;
    std::map<std::pair<GroupId, Channel>, int> attended_;  // agents who are there
    std::map<WaitingClass, Queue> waiting_;
};

}  // namespace switchboard
