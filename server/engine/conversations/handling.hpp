#pragma once

#include "engine/conversations/talking.hpp"

namespace switchboard {

// What agents and managers do with conversations, beside talking.

// The agent's client has what was assigned to him (R7). Once more is nothing.
void confirm(TenantMemory& memory,
             Turn& turn,
             const Asker& asker,
             const Facts& facts,
             const ConfirmAssignment& command);

// A connected agent of a target group with the channel enabled, or a manager, takes a conversation
// that waits; his intent does not matter, his limits do (R8). Exactly one wins: agent_full, or
// already_taken with who has it.
void claim(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const ClaimConversation& command);

// Gives the slot back and keeps the conversation (C5); wrong_state unless it is active.
void set_inactive(TenantMemory& memory,
                  Turn& turn,
                  const Asker& asker,
                  const Facts& facts,
                  const SetInactive& command);

// The agent is done with a conversation that is closed (C6). Without a wrap-up it is nothing; one
// that is not his is not_found.
void finish_wrap_up(TenantMemory& memory,
                    Turn& turn,
                    const Asker& asker,
                    const Facts& facts,
                    const FinishWrapUp& command);

// When the alarm rings: what was not confirmed goes back to the queue, and its agent is red on all
// channels until he turns that back (R7).
void note_unconfirmed(TenantMemory& memory, Turn& turn, ConversationId id);

// When the alarm rings: a conversation of an agent who is gone (S6).
void note_agent_gone(TenantMemory& memory, Turn& turn, ConversationId id);

}  // namespace switchboard
