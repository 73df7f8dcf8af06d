#pragma once

#include <chrono>

namespace switchboard {

// Wall-clock time, UTC, to the microsecond: what PostgreSQL keeps.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

}  // namespace switchboard
