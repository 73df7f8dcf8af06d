#pragma once

#include "engine/work/talking.hpp"

namespace switchboard {

// A socket of the asker is up: answers with all he needs to draw his screen. An agent's first one
// makes him assignable, and the queue is served.
void connect(TenantMemory& memory, Turn& turn, const Asker& asker, const Connect& command);

// A socket is gone. An agent without any keeps his conversations and gets no new ones.
void disconnect(TenantMemory& memory, Turn& turn, const Asker& asker, const Disconnect& command);

// Sets an agent's limits on a channel (C1, C4): a lower one takes nothing away, a higher one
// serves the queue at once.
void set_limits(TenantMemory& memory, Turn& turn, const Asker& asker, const SetLimits& command);

}  // namespace switchboard
