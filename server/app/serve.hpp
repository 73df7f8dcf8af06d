#pragma once

#include "app/config.hpp"

namespace switchboard {

// Runs the server until SIGINT or SIGTERM, then drains it; a second signal ends it at once. Throws
// std::exception with one line for a human when it cannot start.
void serve(const Config& config);

}  // namespace switchboard
