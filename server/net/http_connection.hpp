#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "net/gate.hpp"
#include "net/handlers.hpp"
#include "net/net_stats.hpp"
#include "net/tcp.hpp"

namespace switchboard {

// What the connections of one listener share.
struct Service {
    Handlers handlers;
    HttpLimits http;
    WebSocketLimits web_socket;
    std::vector<boost::asio::ip::address> trusted_proxies;
    int handshakes_max = 500;
    std::shared_ptr<NetStats> stats = std::make_shared<NetStats>();
    std::shared_ptr<Gate> gate;
    std::atomic<bool> is_stopping{false};

    bool trusts(const boost::asio::ip::address& peer) const;
    bool is_crowded() const { return stats->handshakes > handshakes_max / 2; }
};

// One more in a level of the statistics while it lives.
class Counted {
public:
    explicit Counted(NetStats::Level& level) : level_(&level) { ++level; }
    Counted(Counted&& other) noexcept : level_(std::exchange(other.level_, nullptr)) {}
    Counted& operator=(Counted&&) = delete;
    ~Counted() { release(); }

    void release() {
        if (level_ != nullptr) --*std::exchange(level_, nullptr);
    }

private:
    NetStats::Level* level_;
};

// What an accepted connection holds of its listener.
struct PeerAdmission {
    boost::asio::ip::address peer;
    std::optional<Gate::Slot> slot;  // none for a trusted proxy
    Counted connection;
    Counted handshake;
};

// Counts and passes on what left a handler.
void report_failure(const Service& service, const std::exception_ptr& failure);

// Serves one connection until it ends, whatever it becomes. Runs on the socket's thread; throws
// only what is a bug.
boost::asio::awaitable<void> serve(TcpSocket socket,
                                   std::shared_ptr<Service> service,
                                   PeerAdmission admission);

// Answers a connection that is not served: 429, or 503 with Retry-After.
boost::asio::awaitable<void> turn_away(TcpSocket socket, int status);

}  // namespace switchboard
