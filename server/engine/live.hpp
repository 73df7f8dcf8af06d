#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// Answers with what is going on: the agents with their colours, and who waits. An agent sees the
// queue of the sites that his groups serve, a manager all.
void show_live(const TenantMemory& memory, Turn& turn, const Asker& asker, const ShowLive& command);

// Answers whether visitors of the site can be served now, by channel; not_found when the tenant has
// no such site. O(sites).
void show_availability(const TenantMemory& memory,
                       Turn& turn,
                       const Asker& asker,
                       const ShowAvailability& command);

}  // namespace switchboard
