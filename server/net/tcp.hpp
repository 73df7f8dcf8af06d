#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>

#include "net/watch.hpp"

// What the source files of this folder share; not for others.
namespace switchboard {

using TcpSocket =
    boost::asio::basic_stream_socket<boost::asio::ip::tcp, boost::asio::io_context::executor_type>;

constexpr auto as_values = boost::asio::as_tuple(boost::asio::deferred);

// Closes a socket when its time is up, which ends whatever waits for it with an error. As exact as
// the watch. Belongs to the thread of the socket, which must outlive it.
class Deadline final : Watch::Item {
public:
    // No deadline shorter than `shortest` will be set.
    Deadline(TcpSocket& socket, std::chrono::milliseconds shortest);

    void expires_after(std::chrono::milliseconds time) { at_ = watch_.now() + time; }

private:
    void look(Watch::Time now) override;

    TcpSocket& socket_;
    Watch& watch_;
    Watch::Time at_ = Watch::Time::max();
};

// Says that nothing more comes, then reads what the peer had under way, 64 KiB at most, until it
// hangs up, and closes. Without it a reset could overtake our last words. Has no deadline of its
// own: somebody must be ready to close the socket.
boost::asio::awaitable<void> say_no_more(TcpSocket& socket);

}  // namespace switchboard
