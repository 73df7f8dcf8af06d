#include "net/tcp.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>

namespace switchboard {

Deadline::Deadline(TcpSocket& socket, std::chrono::milliseconds shortest)
    : socket_(socket), watch_(boost::asio::use_service<Watch>(socket.get_executor().context())) {
    watch_.add(*this, shortest / 2);
}

void Deadline::look(Watch::Time now) {
    boost::system::error_code ignored;  // It is closed in any case.
    if (now >= at_) socket_.close(ignored);
}

boost::asio::awaitable<void> say_no_more(TcpSocket& socket) {
    constexpr std::size_t drained_max = 64 << 10;
    boost::system::error_code ignored;  // The peer may be gone; we are leaving anyway.
    socket.shutdown(TcpSocket::shutdown_send, ignored);

    std::array<char, 1024> scrap{};
    for (std::size_t drained = 0; drained < drained_max && socket.is_open();) {
        const auto buffer = boost::asio::buffer(scrap);
        auto [ec, count] = co_await socket.async_read_some(buffer, as_values);
        if (ec) break;
        drained += count;
    }
    socket.close(ignored);
}

}  // namespace switchboard
