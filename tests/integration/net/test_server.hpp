#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>

#include "net/io_threads.hpp"
#include "net/listener.hpp"

namespace switchboard {

// A server of one page and one socket. POST /echo answers with the body, GET /seen with what the
// server saw, /throw throws, /bad-field answers with a field that breaks the line. A WebSocket on
// any path is an echo: "close 4408" closes it with that code, "flood" is answered with 64 MiB, and
// "many" with a message of 40 pieces. The Origin https://evil.example is refused with 403.
class TestServer {
public:
    explicit TestServer(ListenerSettings settings = {}, std::size_t threads = 4);

    // Settings a test need not mind: no limit per address.
    static ListenerSettings generous();

    std::uint16_t port() const { return listener_->port(); }
    const NetStats& stats() const { return listener_->stats(); }
    Listener& listener() { return *listener_; }

    // Waits until the level or count is reached; false after ten seconds.
    template <class Number>
    static bool reaches(const std::atomic<Number>& number, Number wanted) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (number != wanted && std::chrono::steady_clock::now() < end) {
            std::this_thread::yield();
        }
        return number == wanted;
    }

    std::set<std::thread::id> echo_threads();
    std::string last_upgrade();  // "path query origin subprotocol address" of the last upgrade
    std::atomic<bool> changed_thread{false};  // a connection was seen on two threads
    std::atomic<int> failures{0};

private:
    boost::asio::awaitable<HttpResponse> answer(HttpRequest request);
    boost::asio::awaitable<UpgradeAnswer> decide(HttpRequest request, Subprotocol subprotocol);
    boost::asio::awaitable<void> echo(WebSocket socket);
    boost::asio::awaitable<void> write_flood(WebSocket& socket);
    boost::asio::awaitable<void> write_many(WebSocket& socket);

    std::mutex mutex_;  // of what the test reads
    std::set<std::thread::id> echo_threads_;
    std::string last_upgrade_;
    IoThreads threads_;
    std::optional<Listener> listener_;
};

}  // namespace switchboard
