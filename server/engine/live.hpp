#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// Answers with what is going on: the agents with their colours, and who waits. An agent sees the
// queue of the sites that his groups serve, a manager all.
void show_live(const TenantMemory& memory, Turn& turn, const Asker& asker, const ShowLive& command);

}  // namespace switchboard
