#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// Blocks a visitor (B1): his conversations are closed in the same commit, slots are freed, and new
// contacts find nobody available. Once more answers with the block there is; so does the id of one
// that was lifted, and blocks nobody anew. An id that has other content is refused. An agent may
// block the visitor of his own conversation, a manager anybody.
void block(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const BlockVisitor& command);

// Effective at once (B2); not_found when there is no such block in force.
void lift_block(TenantMemory& memory, Turn& turn, const Asker& asker, const LiftBlock& command);

void list_blocks(const TenantMemory& memory, Turn& turn, const Asker& asker);

// When the alarm rings.
void note_block_expired(TenantMemory& memory, Turn& turn, BlockId id);

// Whether the visitor is blocked now. A block that has run out is lifted at use (B2).
bool is_blocked(TenantMemory& memory, Turn& turn, VisitorId visitor);

}  // namespace switchboard
