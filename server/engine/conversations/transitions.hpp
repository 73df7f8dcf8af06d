#pragma once

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// The transitions of a conversation (K1), each with its records, system entry and publications, in
// one commit. Whoever frees a slot here also serves the queue with it.

// (none) -> queued or active: opens it, with its first entry, and gives it to the least loaded
// free agent at once, if there is one. Returns what the visitor is answered.
struct Opening {
    StoredVisitor visitor;
    PublicId public_id;
    SiteId site;
    Channel channel = Channel::chat;
    bool patient = false;  // when nobody is free it is left as a message
    ClientMessageId client_message_id;
    std::int64_t content_hash = 0;
    std::string text;
};
MessageStored open(TenantMemory& memory, Turn& turn, Opening opening);

// queued -> active, taken by this agent himself (R8). He has room.
void claim(TenantMemory& memory, Turn& turn, OpenTalk& talk, Desk& desk);

// active: the agent's client has it, and the visitor is told who came (R7).
void confirm(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// active -> active with another, -> queued with its old ticket, or kept: its agent is gone. The
// system entry tells why and what became of it (K12).
void lose_agent(TenantMemory& memory, Turn& turn, OpenTalk& talk, AgentGone cause);

// active -> inactive: the slot is free, the agent keeps it (C5).
void make_inactive(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// inactive -> active, for the visitor wrote: with its agent up to his hard maximum (C1), else with
// another or -> queued.
void bring_back(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// inactive -> active, for its agent wrote. He has room.
void resume(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// queued: it need not be waited for any more.
void leave_as_message(TenantMemory& memory, Turn& turn, OpenTalk& talk);

// any open -> closed: frees the slot, or holds it for the wrap-up (C6).
struct Closing {
    PersonView by;
    CloseReason reason = CloseReason::agent;
};
void close(TenantMemory& memory, Turn& turn, ConversationId id, const Closing& closing);

// The agent is done with it: the slot is free.
void end_wrap_up(TenantMemory& memory, Turn& turn, Desk& desk, ClaimId claim);

// Gives the waiting to this agent while he has room, in the order of their tickets (R5, R6).
void serve_queue(TenantMemory& memory, Turn& turn, AgentId agent);

}  // namespace switchboard
