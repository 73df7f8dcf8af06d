#pragma once

#include <boost/asio/associator.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/core/bind_handler.hpp>
#include <boost/beast/core/buffers_suffix.hpp>
#include <boost/beast/websocket/teardown.hpp>

#include <array>
#include <span>
#include <utility>

#include "net/frame_guard.hpp"
#include "net/tcp.hpp"
#include "net/watch.hpp"

namespace switchboard {

// The layer between a WebSocket and its TCP socket; only web_socket.cpp uses it. It shows every
// byte to the guard and notes for the watch when bytes last moved.
//
// When the guard objects, the peer's bytes end there, and Beast reads a close frame with our code
// in their place: it answers with the same code, in its own good order with what is being written.
class GuardedStream {
public:
    using executor_type = TcpSocket::executor_type;
    using next_layer_type = TcpSocket;

    GuardedStream(TcpSocket socket, FrameGuard::Rules rules, const Watch& watch)
        : socket_(std::move(socket)), guard_(rules), watch_(watch), last_read_(watch.now()) {}

    executor_type get_executor() { return socket_.get_executor(); }
    TcpSocket& next_layer() { return socket_; }

    Watch::Time last_read() const { return last_read_; }
    bool is_writing() const { return is_writing_; }  // since write_began()
    Watch::Time write_began() const { return write_began_; }
    bool has_objected() const { return has_objected_; }
    bool is_torn_down() const { return is_torn_down_; }

    template <class Buffers, class Handler>
    void async_read_some(const Buffers& buffers, Handler&& handler) {
        using Done = ReadDone<Buffers, std::decay_t<Handler>>;
        if (!has_objected_) {
            socket_.async_read_some(buffers, Done{this, buffers, std::forward<Handler>(handler)});
            return;
        }
        const std::size_t count = copy_farewell(buffers, 0);
        const auto ec = count > 0 ? error_code{} : boost::asio::error::eof;
        boost::asio::post(
            socket_.get_executor(),
            boost::beast::bind_front_handler(std::forward<Handler>(handler), ec, count));
    }

    template <class Buffers, class Handler>
    void async_write_some(const Buffers& buffers, Handler&& handler) {
        using Done = WriteDone<std::decay_t<Handler>>;
        is_writing_ = true;
        write_began_ = watch_.now();
        socket_.async_write_some(buffers, Done{this, std::forward<Handler>(handler)});
    }

    // Beast asks for these when it has said or heard the last word. What is left is
    // say_no_more(), which the WebSocket does, since Beast would drain without bound.
    template <class Handler>
    friend void async_teardown(boost::beast::role_type, GuardedStream& stream, Handler&& handler) {
        stream.is_torn_down_ = true;
        stream.last_read_ = stream.watch_.now();
        boost::asio::post(
            stream.socket_.get_executor(),
            boost::beast::bind_front_handler(std::forward<Handler>(handler), error_code{}));
    }

    template <class Buffers, class Handler>
    struct ReadDone {
        GuardedStream* stream;
        Buffers buffers;
        Handler handler;

        void operator()(error_code ec, std::size_t count) {
            if (!ec) count = stream->inspect(buffers, count);
            std::move(handler)(ec, count);
        }
    };

    template <class Handler>
    struct WriteDone {
        GuardedStream* stream;
        Handler handler;

        void operator()(error_code ec, std::size_t count) {
            stream->is_writing_ = false;
            std::move(handler)(ec, count);
        }
    };

private:
    // How many of the bytes Beast shall see.
    template <class Buffers>
    std::size_t inspect(const Buffers& buffers, std::size_t count) {
        last_read_ = watch_.now();
        std::size_t seen = 0;
        const auto end = boost::asio::buffer_sequence_end(buffers);
        for (auto it = boost::asio::buffer_sequence_begin(buffers); it != end; ++it) {
            const boost::asio::mutable_buffer piece = *it;
            const std::size_t size = std::min(piece.size(), count - seen);
            const std::span bytes(static_cast<const std::uint8_t*>(piece.data()), size);
            if (const auto offence = guard_.inspect(bytes)) {
                object(offence->code);
                return seen + offence->at + copy_farewell(buffers, seen + offence->at);
            }
            seen += size;
        }
        return count;
    }

    void object(CloseCode code) {
        const auto number = static_cast<std::uint16_t>(code);
        has_objected_ = true;  // A masked close frame; the key is zero.
        farewell_ = {0x88, 0x82, 0, 0, 0, 0, std::uint8_t(number >> 8), std::uint8_t(number)};
    }

    // Puts what is left of the farewell at `offset`; the rest follows with the next read.
    template <class Buffers>
    std::size_t copy_farewell(const Buffers& buffers, std::size_t offset) {
        boost::beast::buffers_suffix<Buffers> room(buffers);
        room.consume(offset);
        const auto left = boost::asio::buffer(farewell_) + farewell_sent_;
        const std::size_t count = boost::asio::buffer_copy(room, left);
        farewell_sent_ += count;
        return count;
    }

    TcpSocket socket_;
    FrameGuard guard_;
    const Watch& watch_;
    Watch::Time last_read_;
    Watch::Time write_began_;
    std::array<std::uint8_t, 8> farewell_{};
    std::size_t farewell_sent_ = 0;
    bool is_writing_ = false;
    bool has_objected_ = false;
    bool is_torn_down_ = false;
};

}  // namespace switchboard

// The wrapped handlers run where, and are allocated as, the handlers in them.
namespace boost::asio {

template <template <class, class> class Associator, class B, class H, class Default>
struct associator<Associator, switchboard::GuardedStream::ReadDone<B, H>, Default>
    : Associator<H, Default> {
    static typename Associator<H, Default>::type get(
        const switchboard::GuardedStream::ReadDone<B, H>& done,
        const Default& otherwise = Default()) noexcept {
        return Associator<H, Default>::get(done.handler, otherwise);
    }
};

template <template <class, class> class Associator, class H, class Default>
struct associator<Associator, switchboard::GuardedStream::WriteDone<H>, Default>
    : Associator<H, Default> {
    static typename Associator<H, Default>::type get(
        const switchboard::GuardedStream::WriteDone<H>& done,
        const Default& otherwise = Default()) noexcept {
        return Associator<H, Default>::get(done.handler, otherwise);
    }
};

}  // namespace boost::asio
