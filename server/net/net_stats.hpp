#pragma once

#include <atomic>
#include <cstdint>

namespace switchboard {

// What happened at the edge since the start. Written by the I/O threads, read by anyone.
struct NetStats {
    using Count = std::atomic<std::uint64_t>;
    using Level = std::atomic<std::int64_t>;

    Count accepted{0};          // connections, those refused at once included
    Count busy{0};              // answered 503: too many handshakes, or nearly out of descriptors
    Count crowded{0};           // answered 429: too many from one address
    Count accept_failures{0};   // accept() failed, for want of descriptors or memory
    Count requests{0};          // handed to a handler, upgrades included
    Count bad_requests{0};      // answered 4xx or 501 before any handler saw them
    Count handler_failures{0};  // exceptions that left a handler
    Count upgrades{0};          // WebSockets opened
    Count illegal_peers{0};     // WebSockets closed by a guard: 1007 and 1008
    Count stalled_peers{0};     // WebSockets cut: silent, or not reading

    Level connections{0};  // open now, WebSockets included
    Level handshakes{0};   // of those, not yet through their first request
    Level web_sockets{0};  // of those, upgraded
};

}  // namespace switchboard
