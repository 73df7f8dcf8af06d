#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "domain/errors.hpp"
#include "net/handlers.hpp"
#include "net/ip_limits.hpp"
#include "net/net_stats.hpp"

namespace switchboard {

class IoThreads;

struct ListenerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;    // 0: any free one, see port()
    int handshakes_max = 500;  // connections not yet through their first request; beyond: 503
    int descriptors_percent_max = 90;            // of RLIMIT_NOFILE; beyond: 503 and a pause
    std::chrono::milliseconds back_off{100};     // that pause, and after a failed accept()
    IpLimits::Settings per_ip;                   // beyond: 429
    std::vector<std::string> trusted_proxies{};  // addresses whose X-Forwarded-For is believed
    HttpLimits http;
    WebSocketLimits web_socket;
};

// Accepts connections at one address and port and serves each on one I/O thread, in turn; it never
// changes threads. What is too much is answered before it costs: 503 with Retry-After when too many
// handshakes are in progress or descriptors run out, 429 when it is one address. Connections from
// a trusted proxy are not limited; their upgrades are, each by the address the proxy saw.
//
// May be made, stopped and destroyed on any thread; `threads` must outlive it.
class Listener {
public:
    // Binds; port() is right from then on. Throws boost::system::system_error when it cannot.
    Listener(IoThreads& threads, ListenerSettings settings, Handlers handlers);
    ~Listener();  // stops; NOLINT(bugprone-exception-escape)

    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    std::uint16_t port() const;

    // Accepts no more. Requests in progress are answered, with "Connection: close"; WebSockets
    // stay open: ending them is their owner's affair.
    void stop();

    const NetStats& stats() const;

    struct Shared;

private:
    std::shared_ptr<Shared> shared_;
};

}  // namespace switchboard
