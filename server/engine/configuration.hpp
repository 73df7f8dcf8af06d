#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// The tenant is changed while it lives (A3): each creates what has the id, or changes it, and
// serves the queue where that lets somebody in.

// login_taken; invalid for a group that is not known; forbidden for a role above the asker.
void configure(TenantMemory& memory, Turn& turn, const Asker& asker, const ConfigureAgent& command);
void configure(TenantMemory& memory, Turn& turn, const Asker& asker, const ConfigureGroup& command);
void configure(TenantMemory& memory, Turn& turn, const Asker& asker, const ConfigureSite& command);
void configure(TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const ConfigureTenant& command);

}  // namespace switchboard
