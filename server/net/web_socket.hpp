#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "domain/errors.hpp"

namespace switchboard {

// What one WebSocket may ask of us; the values are those of docs/protocol.md.
struct WebSocketLimits {
    std::chrono::milliseconds handshake_timeout{5'000};
    std::chrono::milliseconds idle_timeout{20'000};   // without a byte; a ping is sent at the half
    std::chrono::milliseconds write_timeout{10'000};  // without a byte taken by the peer
    std::chrono::milliseconds close_timeout{5'000};   // for the peer's half of a close
    std::size_t message_bytes_max = 128 << 10;        // beyond: close 1009
    int message_frames_max = 64;                      // fragments of one message; beyond: 1008
    int control_frames_per_second_max = 10;           // pings and pongs; beyond: 1008
};

// One open WebSocket. The peer can send only what its subprotocol allows: bytes of the other kind,
// or text that is not UTF-8, close it with 1007, illegal frames with 1002, floods with 1008. Pings
// are answered, and sent to a silent peer; nobody has to ask for it.
//
// Belongs to one thread, that of executor(). At most one read and one write at a time; a read and a
// write may overlap, and both must have returned before the object goes. To end two loops, let the
// writer close(): it ends the reader's read() as well. Never cancel a read.
class WebSocket {
public:
    WebSocket(WebSocket&&) noexcept;
    WebSocket& operator=(WebSocket&&) noexcept;
    ~WebSocket();  // cuts what is still open

    // The next whole message; the bytes are good until the next read(). An error is the end:
    // the peer left, broke a rule and was told so, fell silent, or close() was called.
    boost::asio::awaitable<Result<std::string_view>> read();

    // Sends the pieces as one message, in one system call if they are few. They must stay
    // alive until this returns. An error is the end: the peer is gone or took nothing for
    // write_timeout.
    boost::asio::awaitable<error_code> write(std::span<const std::string_view> pieces);

    // Tells the peer why, then waits for its answer, close_timeout at most. What it still sends
    // is dropped. May be called while a read is pending, once, and after any error.
    boost::asio::awaitable<void> close(CloseCode why);

    // Ends the connection without a word: pending calls return an error soon.
    void cut();

    boost::asio::any_io_executor executor() const;

    struct Impl;
    explicit WebSocket(std::shared_ptr<Impl> impl);

private:
    std::shared_ptr<Impl> impl_;
};

}  // namespace switchboard
