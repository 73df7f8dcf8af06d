#pragma once

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// What ends or rests by the clock: silence, waiting too long, visitors who do not come back.

// Sets the alarm for the next thing that silence does to this conversation (K13).
void arm_silence(TenantMemory& memory, OpenTalk& talk);

// Sets the alarm for the end of a wait (R4), or cancels it.
void arm_wait_limit(TenantMemory& memory, OpenTalk& talk);

// Sets the alarm by which it leaves an agent who is absent, unless it is kept for him (S6).
void arm_absence(TenantMemory& memory, Time now, OpenTalk& talk);

// Whether his conversations stay his while he is absent: the tenant wants it, and he may return.
bool is_kept_for(const TenantSettings& settings, const Desk& desk);

// Whether it stays in the queue when its visitor is gone.
bool waits_for_visitor(const Conversation& conversation);

// Each is called when its alarm rings, and does nothing when it is not due after all.
void note_silence(TenantMemory& memory, Turn& turn, ConversationId id);
void note_wait_limit(TenantMemory& memory, Turn& turn, ConversationId id);
void note_visitor_gone(TenantMemory& memory, Turn& turn, const PublicId& visitor);

// It came back to the queue: a chat whose visitor is gone is abandoned there (K1).
void note_queued_again(TenantMemory& memory, Turn& turn, ConversationId id);

// The visitor's first connection: who was told that he left is told that he is back.
void note_visitor_back(TenantMemory& memory, Turn& turn, const StoredVisitor& visitor);

// A visitor of whom it was told that he left writes all the same: he is back, and has his grace
// time anew when he is not connected.
void note_visitor_writes(TenantMemory& memory, Turn& turn, const OpenTalk& talk);

// His open conversations, by channel.
std::vector<ConversationId> talks_of(const TenantMemory& memory, const PublicId& visitor);

}  // namespace switchboard
