#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// Who is there: connections, the grace time after the last was lost, and being away (S5, S6).

// A socket of the asker is up: answers with all he needs to draw his screen. An agent who comes
// back within his grace time was never gone.
void connect(TenantMemory& memory, Turn& turn, const Asker& asker, const Connect& command);

// A socket is gone. An agent's last one starts his grace time: he keeps his colour, marked
// reconnecting, and his conversations, and gets nothing new. Who logged out has none.
void disconnect(TenantMemory& memory, Turn& turn, const Asker& asker, const Disconnect& command);

// An agent is away while he is on all of his connections.
void set_away(TenantMemory& memory, Turn& turn, const Asker& asker, const SetAway& command);

// When the alarm rings: what he lost did not come back, all his connections or the one he sat at.
void note_grace_over(TenantMemory& memory, Turn& turn, AgentId agent);

// He is gone. His conversations follow one by one.
void note_agent_lost(TenantMemory& memory, Turn& turn, AgentId agent, AgentGone cause);

}  // namespace switchboard
