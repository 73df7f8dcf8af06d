#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/alarms.hpp"
#include "engine/conversations/conversations.hpp"
#include "engine/conversations/pools.hpp"
#include "engine/conversations/sent_window.hpp"
#include "engine/conversations/waiting_room.hpp"
#include "engine/people/blocklist.hpp"
#include "engine/people/roster.hpp"
#include "engine/people/staff.hpp"
#include "engine/people/visitors.hpp"

namespace switchboard {

// All that the engine knows of its tenant. The rules are functions over it: people/attendance,
// people/direction, conversations/talking, conversations/transitions.
struct TenantMemory {
    explicit TenantMemory(const TenantState& state);

    TenantId tenant;
    Pos log_pos = 0;
    int retention_days = 365;
    Time last_at;  // of the newest entry
    TenantSettings settings;
    std::map<GroupId, Group> groups;
    std::map<SiteId, Site> sites;

    Roster roster;
    Staff staff;
    Visitors visitors;
    Conversations conversations;
    Pools pools;
    WaitingRoom waiting_room;
    Blocklist blocks;
    SentWindow sent;
    Alarms alarms;  // conversations have their own

    // Pointers reported since the last batch: not stored, not shown yet.
    std::map<std::pair<ConversationId, Person>, Pointer> progress;
    Time progress_since;  // of the oldest in there
};

// Takes the agent out of the pools while his desk changes, and puts him back where he belongs.
class Reseating {
public:
    Reseating(Pools& pools, Desk& desk) : pools_(pools), desk_(desk) { pools_.take_out(desk_); }
    ~Reseating() { pools_.put(desk_); }
    Reseating(const Reseating&) = delete;
    Reseating& operator=(const Reseating&) = delete;

private:
    Pools& pools_;
    Desk& desk_;
};

// The rule of a site on a channel (R4).
SiteRule rule_of(const TenantMemory& memory, WaitingClass wanted);

// What is due by the clock alone: when the first alarm is, and which that is, which is removed.
std::optional<Time> next_alarm(const TenantMemory& memory);
std::optional<AlarmKey> take_due(TenantMemory& memory, Time now);

// The memory written down: what a rebuild from the store must give, field by field.
TenantState write_down(const TenantMemory& memory);

// The first rule that does not hold, in words; for tests. The rules: docs/architecture.md, "What
// always holds".
std::optional<std::string> broken_rule(const TenantMemory& memory);

// The same of what can be told in O(agents + open conversations): nobody waits while an agent who
// may take him is assignable, no slot is taken without its conversation, and each open conversation
// has an agent, a place in the queue, or is inactive, and is not kept for people who are gone for
// good. For the watch over a live server.
std::optional<std::string> stuck(const TenantMemory& memory);

}  // namespace switchboard
