#pragma once

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// The slots of agents as conversations take and free them: memory, pools and records together
// (C3). Nothing here serves the queue or changes a conversation.

// The conversation takes a slot of its agent, who has room.
void take_slot(TenantMemory& memory, Turn& turn, OpenTalk& talk, Admission admission);

// Its slot is free; the agent counts as idle from now.
void free_slot(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// The conversation ends, its slot stays held for the wrap-up (C6). False: there is none.
bool hold_for_wrap_up(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// The wrap-up is over.
void free_wrap_up(TenantMemory& memory, Turn& turn, Desk& desk, ClaimId claim);

}  // namespace switchboard
