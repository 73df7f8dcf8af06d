#pragma once

#include <sys/types.h>

#include "bench/crowd.hpp"

namespace switchboard {

struct Idleness {
    double handshakes_per_s = 0;  // from the first connect to the last welcome
    double bytes_each = 0;        // of the server's own memory
};

// Visitors who come and do nothing. Throws std::runtime_error when not all are welcomed.
Idleness be_idle(const LoadSettings& settings, std::size_t visitors, pid_t server);

}  // namespace switchboard
