#pragma once

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// What ends or rests by the clock: silence, waiting too long, visitors who do not come back.

// Sets the alarm for the next thing that silence does to this conversation (K13).
void arm_silence(TenantMemory& memory, const OpenTalk& talk);

// Sets the alarm for the end of a wait (R4), or cancels it.
void arm_wait_limit(TenantMemory& memory, const OpenTalk& talk);

// Each is called when its alarm rings, and does nothing when it is not due after all.
void note_silence(TenantMemory& memory, Turn& turn, ConversationId id);
void note_wait_limit(TenantMemory& memory, Turn& turn, ConversationId id);
void note_visitor_gone(TenantMemory& memory, Turn& turn, const PublicId& visitor);

// The visitor's first connection: who was told that he left is told that he is back.
void note_visitor_back(TenantMemory& memory, Turn& turn, const StoredVisitor& visitor);

// His open conversations, by channel.
std::vector<ConversationId> talks_of(const TenantMemory& memory, VisitorId visitor);

}  // namespace switchboard
