#pragma once

#include <optional>
#include <string>

#include "domain/ids.hpp"

namespace switchboard {

struct OwnerOptions {
    std::string direct;   // connection string to the database
    std::string proxied;  // the same through the proxy, for the log
    std::string folder;   // of the run: what was acknowledged goes there, and the counters
    int run = 0;          // number of this process, unique in the run
    int tenants = 0;
    Incarnation me;
    std::optional<Incarnation> predecessor;
};

// Owns what tenants it can get and writes to them until SIGTERM. Each acknowledged batch is a line
// in <folder>/acks.<run> before the next one is made, so what this process was told survives it:
//
//     e <tenant> <pos> <seq> <client message id>     an entry that was acknowledged
//     l <tenant> <pos>                               limits that are about to be sent
//     v <text>                                       a promise that was broken
//
// Returns the exit status.
int run_owner(const OwnerOptions& options);

}  // namespace switchboard
