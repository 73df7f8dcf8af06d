#pragma once

#include <algorithm>

#include "domain/command.hpp"
#include "domain/facts.hpp"
#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// Decides everything for one tenant and does none of it: a command and the time go in, effects come
// out. Equal histories give equal effects, so a run can be replayed, and a test needs no socket.
// tenants/tenant.cpp feeds it one command at a time and carries the effects out in order.
class TenantEngine {
public:
    explicit TenantEngine(const TenantState& state) : memory_(state) {}

    // What must be looked up before this command can be applied, as far as `facts` do not have it.
    LookUp missing(const Command& command, const Facts& facts) const;

    // Carries the command out. Nothing may be missing. What is not allowed comes out as a Refused
    // reply. Time never goes back: an earlier `now` counts as that of the newest entry.
    Effects apply(const Command& command, const Facts& facts, Time now);

    // The pointers reported since the last call; ride with any batch, or alone when due.
    Effects save_progress(Time now);
    std::optional<Time> progress_due() const;

    // To be called between batches, never within one.
    void trim();

    // Takes over, from an engine that was dropped, what only memory had: who is connected, and the
    // pointers that were not saved. Agents who are connected are given what waits.
    Effects adopt(const TenantEngine& dropped, Time now);

    Pos log_pos() const { return memory_.log_pos; }
    const TenantMemory& memory() const { return memory_; }

private:
    Asker asker_of(const Principal& principal, const Facts& facts, const std::string& name);
    Effects finish(Turn& turn) const;
    Time not_before(Time now) const { return std::max(now, memory_.last_at); }

    TenantMemory memory_;
};

}  // namespace switchboard
