#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <memory>
#include <optional>
#include <utility>

#include "net/ip_limits.hpp"

namespace switchboard {

// The per-address limits of one listener: kept on its accepting thread, asked from all.
class Gate : public std::enable_shared_from_this<Gate> {
public:
    // What an admitted connection holds; given back when destroyed, on whichever thread.
    class Slot {
    public:
        Slot(std::shared_ptr<Gate> gate, const boost::asio::ip::address& address)
            : gate_(std::move(gate)), address_(address) {}
        Slot(Slot&&) noexcept = default;
        Slot& operator=(Slot&& other) noexcept {
            std::swap(gate_, other.gate_);
            std::swap(address_, other.address_);
            return *this;
        }
        ~Slot();  // NOLINT(bugprone-exception-escape)

    private:
        std::shared_ptr<Gate> gate_;
        boost::asio::ip::address address_;
    };

    Gate(boost::asio::io_context& home, IpLimits::Settings settings)
        : home_(home), limits_(settings) {}

    // On the accepting thread; nothing when the address has too many.
    std::optional<Slot> admit_here(const boost::asio::ip::address& address);

    // The same from any thread; returns where it was called.
    boost::asio::awaitable<std::optional<Slot>> admit(boost::asio::ip::address address);

private:
    boost::asio::io_context& home_;
    IpLimits limits_;
};

}  // namespace switchboard
