#pragma once

#include "engine/conversations/talking.hpp"

namespace switchboard {

// What is said of a conversation as a whole, while it is open and until seven days after its end
// (K14); then wrong_state. The last one counts.

void fill_form(TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const Facts& facts,
               const FillClosingForm& command);

void rate(TenantMemory& memory,
          Turn& turn,
          const Asker& asker,
          const Facts& facts,
          const RateConversation& command);

}  // namespace switchboard
