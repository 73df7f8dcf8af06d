#pragma once

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// A memory made from the store begins to serve, after its predecessor in this process if there was
// one: see TenantEngine::begin().
void take_over(TenantMemory& memory, Turn& turn, const TenantMemory* dropped);

}  // namespace switchboard
