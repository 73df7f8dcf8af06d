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

    // One thing that is due by the clock alone: a grace time that is over, a pointer to be saved…
    // May be called while next_tick() is not after `now`, between commands.
    Effects tick(Time now);
    std::optional<Time> next_tick() const;

    // The pointers reported since the last call; ride with any batch, or alone when due.
    Effects save_progress(Time now);

    // To be called between batches, never within one.
    void trim();

    // Begins to serve: sets the alarms by what is stored, and takes over from an engine that was
    // dropped, if there is one, what only memory had: who is connected, and the pointers that were
    // not saved. An agent who was there and whom nobody knows to be connected has his grace time.
    Effects begin(const TenantEngine* dropped, Time now);

    // Nobody was heard for that long: who did not confirm or come back is given the time again.
    void give_time(std::chrono::microseconds lost);

    // What was decided then was shown that much later: it is to be confirmed within the usual time
    // from there.
    void begin_confirming(Time decided, std::chrono::microseconds later);

    // Another owned the tenant meanwhile: what was due by this clock may no longer be.
    void forget_alarms();

    Pos log_pos() const { return memory_.log_pos; }
    const TenantMemory& memory() const { return memory_; }
    TenantMemory& memory() { return memory_; }

private:
    Asker asker_of(const Command& command, const Facts& facts);
    Effects finish(Turn& turn);
    std::optional<Time> progress_due() const;
    Time not_before(Time now) const { return std::max(now, memory_.last_at); }

    TenantMemory memory_;
};

}  // namespace switchboard
