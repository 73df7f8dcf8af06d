#pragma once

#include "engine/asker.hpp"
#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// A visitor opens a conversation. The same client id again gives the first answer again (K8).
void start(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const StartConversation& command);

// Somebody of the conversation writes a text or, an agent, a note.
void send(TenantMemory& memory,
          Turn& turn,
          const Asker& asker,
          const Facts& facts,
          const SendMessage& command);

// Either side ends it.
void close(TenantMemory& memory,
           Turn& turn,
           const Asker& asker,
           const Facts& facts,
           const CloseConversation& command);

// The open conversation of that id, if the asker may do that; else the turn is refused and there
// is none: not_found, forbidden, or conversation_closed.
OpenTalk* allowed_talk(TenantMemory& memory,
                       Turn& turn,
                       const Asker& asker,
                       const Facts& facts,
                       std::pair<Action, PublicId> wanted);

}  // namespace switchboard
