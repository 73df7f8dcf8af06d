#pragma once

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// The transitions of a conversation (K1), each with its records, system entry and publications.

// (none) -> queued or active: opens it, with its first entry, and gives it to the least loaded
// free agent at once, if there is one. Returns what the visitor is answered.
struct Opening {
    StoredVisitor visitor;
    PublicId public_id;
    SiteId site;
    Channel channel = Channel::chat;
    ClientMessageId client_message_id;
    std::string text;
};
MessageStored open(TenantMemory& memory, Turn& turn, Opening opening);

// any open -> closed: frees the slot and gives it to the next who waits, in the same commit.
void close(TenantMemory& memory, Turn& turn, ConversationId id, const PersonView& by);

// Gives the waiting to this agent while he has room, in the order of their tickets (R5, R6).
void serve_queue(TenantMemory& memory, Turn& turn, AgentId agent);

}  // namespace switchboard
