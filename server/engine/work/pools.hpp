#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/people/staff.hpp"

namespace switchboard {

// Who is free and who waits, kept in order, so that a choice costs O(log n).
//
// Free agents stand once per group and channel. The waiting stand per class: all conversations of
// one site and channel have the same target groups, so one agent suits all of a class or none.
class Pools {
public:
    explicit Pools(const std::vector<Site>& sites);

    // Puts the agent where his desk says he belongs; take him out before his desk changes.
    void put(const Desk& desk);
    void take_out(const Desk& desk);

    void add_waiting(const Conversation& conversation);
    void remove_waiting(const Conversation& conversation);

    // The least loaded assignable agent for a conversation of this site and channel (R2): lowest
    // used/max, then longest idle, then lowest id. 0 when nobody is free.
    AgentId choose(SiteId site, Channel channel) const;

    // The waiting conversation that this agent would get next: the lowest ticket among the classes
    // he serves on this channel (R5). 0 when there is none.
    ConversationId next_waiting(const Desk& desk, Channel channel) const;

    std::size_t waiting() const;

private:
    struct Free {
        int used = 0;
        int max = 1;
        Pos idle_pos = 0;
        AgentId agent;
        bool operator<(const Free& other) const;
    };
    using Class = std::pair<SiteId, Channel>;
    static Free free_of(const Desk& desk, const Seat& seat);

    std::map<SiteId, std::vector<GroupId>> groups_of_;
    std::map<GroupId, std::vector<SiteId>> sites_of_;
    std::map<std::pair<GroupId, Channel>, std::set<Free>> free_;
    std::map<Class, std::map<Pos, ConversationId>> waiting_;  // by ticket; no class without any
};

}  // namespace switchboard
