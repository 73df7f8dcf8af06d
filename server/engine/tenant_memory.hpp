#pragma once

#include <map>
#include <utility>
#include <vector>

#include "engine/people/roster.hpp"
#include "engine/people/staff.hpp"
#include "engine/people/visitors.hpp"
#include "engine/work/conversations.hpp"
#include "engine/work/pools.hpp"
#include "engine/work/sent_window.hpp"

namespace switchboard {

// All that the engine knows of its tenant. The rules are functions over it: people/attendance,
// work/talking, work/transitions, work/progress.
struct TenantMemory {
    explicit TenantMemory(const TenantState& state);

    TenantId tenant;
    Pos log_pos = 0;
    int retention_days = 365;
    Time last_at;  // of the newest entry
    std::vector<Site> sites;

    Roster roster;
    Staff staff;
    Visitors visitors;
    Conversations conversations;
    Pools pools;
    SentWindow sent;

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

// The memory written down: what a rebuild from the store must give, field by field.
TenantState write_down(const TenantMemory& memory);

// The first rule that does not hold, in words; for tests and the watch over a live server. The
// rules: docs/architecture.md, "What always holds".
std::optional<std::string> broken_rule(const TenantMemory& memory);

}  // namespace switchboard
