#pragma once

#include "engine/conversations/talking.hpp"

namespace switchboard {

// How long a reported pointer may wait for a batch to ride with (K9).
inline constexpr std::chrono::seconds progress_delay{1};

// Notes how far somebody has come; it is stored and shown with save_progress(). A pointer never
// goes back, and never beyond the last entry.
void report(TenantMemory& memory,
            Turn& turn,
            const Asker& asker,
            const Facts& facts,
            const ReportProgress& command);

// Shows the other side that somebody types. Not stored.
void show_typing(TenantMemory& memory,
                 Turn& turn,
                 const Asker& asker,
                 const Facts& facts,
                 const ShowTyping& command);

// Moves the pointers reported since the last call: records and publications.
void save_progress(TenantMemory& memory, Turn& turn);

// Of a conversation that is closed.
void forget_progress(TenantMemory& memory, ConversationId id);

}  // namespace switchboard
