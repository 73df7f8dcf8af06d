#pragma once

#include <cstdint>
#include <string>
#include <sys/types.h>

namespace switchboard {

// Seconds of CPU, user and system, that a process has used, all threads of it; and with its
// children also what they used, those that ended included. To the hundredth.
double cpu_seconds(pid_t process);
double cpu_seconds_with_children(pid_t process);

// Memory of the process that is its own, in bytes: what "user space" means.
std::int64_t memory_bytes(pid_t process);

// What PostgreSQL has written ahead since it counts.
struct WalCounts {
    std::int64_t syncs = 0;
    double sync_ms = 0;  // 0 unless track_wal_io_timing is on
    std::int64_t bytes = 0;
};

// Asks with a connection of its own. Backends bring their counts up to date once a second.
WalCounts wal_counts(const std::string& connection);

}  // namespace switchboard
