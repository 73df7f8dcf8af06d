#pragma once

#include "app/config.hpp"

namespace switchboard {

// Asks the server at the operations port of `config` whether it is ready, waiting at most 2 s.
// Returns the exit code: 0 when it is. Says on standard error why not.
int healthcheck(const Config& config);

}  // namespace switchboard
