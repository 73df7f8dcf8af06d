#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// What agents may and want to take.

// An agent, or a manager for him, says on which channels he wants work (S4). Running conversations
// go on; who turns green counts as idle from now, and the queue is served.
void set_presence(TenantMemory& memory, Turn& turn, const Asker& asker, const SetPresence& command);

// Sets an agent's limits on a channel (C1, C4): a lower one takes nothing away, a higher one
// serves the queue at once.
void set_limits(TenantMemory& memory, Turn& turn, const Asker& asker, const SetLimits& command);

// Likewise over all channels (C2).
void set_total_limit(TenantMemory& memory,
                     Turn& turn,
                     const Asker& asker,
                     const SetTotalLimit& command);

// The server itself makes him unavailable on all channels, for `cause`.
void turn_red(TenantMemory& memory, Turn& turn, Desk& desk, Reason cause);

}  // namespace switchboard
