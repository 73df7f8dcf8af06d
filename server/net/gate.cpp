#include "net/gate.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace switchboard {

namespace asio = boost::asio;

// Out of memory here ends the process, as in any destructor.
Gate::Slot::~Slot() {  // NOLINT(bugprone-exception-escape)
    if (!gate_) return;
    asio::io_context& home = gate_->home_;
    asio::post(home,
               [gate = std::move(gate_), address = address_] { gate->limits_.release(address); });
}

std::optional<Gate::Slot> Gate::admit_here(const asio::ip::address& address) {
    if (!limits_.admit(address, std::chrono::steady_clock::now())) return std::nullopt;
    return Slot(shared_from_this(), address);
}

asio::awaitable<std::optional<Gate::Slot>> Gate::admit(asio::ip::address address) {
    const auto caller = co_await asio::this_coro::executor;
    co_await asio::post(asio::bind_executor(home_, asio::use_awaitable));
    std::optional<Slot> slot = admit_here(address);
    co_await asio::post(asio::bind_executor(caller, asio::use_awaitable));
    co_return slot;
}

}  // namespace switchboard
