#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <vector>

#include "gateway/session.hpp"
#include "net/handlers.hpp"

namespace switchboard {

// The door for visitors and agents: grants upgrades, runs their sessions, and lets them go.
class Gateway {
public:
    // One place for each thread of `parts.audience`; see GatewayParts for what must outlive what.
    Gateway(const GatewayParts& parts, const GatewaySettings& settings);
    ~Gateway();

    Gateway(const Gateway&) = delete;
    Gateway& operator=(const Gateway&) = delete;

    // Starts the pulses; once, before or after the threads run.
    void start();

    // For net/: the subprotocols we speak, and whether an upgrade is granted. On an I/O thread.
    static std::vector<Subprotocol> subprotocols();
    boost::asio::awaitable<UpgradeAnswer> upgrade(HttpRequest request, Subprotocol subprotocol);

    // Grants no more upgrades, asks every client to come back within a while, and closes them in
    // slices over `spread`. Any thread; returns at once: connections() falls to 0.
    void drain(std::chrono::milliseconds spread);

    std::size_t connections() const { return connections_; }

private:
    struct Place;

    boost::asio::awaitable<void> run(WebSocket socket, Door door, Encoding encoding, Place& place);
    boost::asio::awaitable<void> beat(Place& place);
    Place& place_of(const boost::asio::any_io_executor& executor);
    static void let_go(Place& place, Time from, std::chrono::milliseconds spread);

    GatewayParts parts_;
    GatewaySettings settings_;
    std::vector<std::unique_ptr<Place>> places_;
    std::atomic<std::size_t> connections_{0};
    std::atomic<bool> is_draining_{false};
};

}  // namespace switchboard
