#include "net/web_socket.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <algorithm>
#include <string>

#include "net/accept_web_socket.hpp"
#include "net/guarded_stream.hpp"
#include "net/watch.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

// A chat message fits; an idle connection holds no more.
constexpr std::size_t read_buffer_first = 512;
constexpr std::size_t read_buffer_kept_max = 4 << 10;

// Asio passes 16 buffers to one system call; two are the frame's header and padding.
constexpr std::size_t scattered_max = 14;

// Pieces of a message as a sequence of buffers, without a copy of either.
class Pieces {
public:
    // NOLINTBEGIN(readability-identifier-naming): the standard chose these names.
    class const_iterator {
    public:
        using value_type = asio::const_buffer;
        using difference_type = std::ptrdiff_t;
        using pointer = const value_type*;
        using reference = value_type;
        using iterator_category = std::bidirectional_iterator_tag;
        // NOLINTEND(readability-identifier-naming)

        const_iterator() = default;
        explicit const_iterator(const std::string_view* at) : at_(at) {}

        value_type operator*() const { return {at_->data(), at_->size()}; }
        const_iterator& operator++() { return ++at_, *this; }
        const_iterator& operator--() { return --at_, *this; }
        const_iterator operator++(int) { return const_iterator(at_++); }
        const_iterator operator--(int) { return const_iterator(at_--); }
        bool operator==(const const_iterator&) const = default;

    private:
        const std::string_view* at_ = nullptr;
    };
    using value_type = asio::const_buffer;

    explicit Pieces(std::span<const std::string_view> pieces) : pieces_(pieces) {}
    const_iterator begin() const { return const_iterator(pieces_.data()); }
    const_iterator end() const { return const_iterator(pieces_.data() + pieces_.size()); }

private:
    std::span<const std::string_view> pieces_;
};

std::chrono::milliseconds shortest_wait(const WebSocketLimits& limits) {
    return std::min({limits.idle_timeout / 2, limits.write_timeout, limits.close_timeout}) / 2;
}

}  // namespace

struct WebSocket::Impl final : std::enable_shared_from_this<Impl>, Watch::Item {
    Impl(TcpSocket socket, const Upgrading& upgrading, Watch& owner);
    ~Impl();

    asio::awaitable<error_code> accept(const UpgradeRequest& request,
                                       const Subprotocol& subprotocol);
    asio::awaitable<Result<std::string_view>> read();
    asio::awaitable<error_code> write(std::span<const std::string_view> pieces);
    asio::awaitable<void> close(CloseCode why);
    void cut();

    void look(Watch::Time now) override;
    asio::awaitable<void> ping();
    asio::awaitable<void> take_leave(bool is_mutual);

    const WebSocketLimits limits;
    const std::shared_ptr<NetStats> stats;
    Watch& watch;
    websocket::stream<GuardedStream, false> stream;
    beast::flat_buffer buffer;
    Watch::Time closing_since;
    Watch::Time pinged;
    bool is_closing = false;  // since closing_since: close() was called
    bool is_leaving = false;  // take_leave() was called
    bool is_pinging = false;
};

WebSocket::Impl::Impl(TcpSocket socket, const Upgrading& upgrading, Watch& owner)
    : limits(upgrading.limits),
      stats(upgrading.stats),
      watch(owner),
      stream(std::move(socket),
             FrameGuard::Rules{
                 .text = upgrading.subprotocol.text,
                 .message_frames_max = limits.message_frames_max,
                 .control_frames_per_second_max = limits.control_frames_per_second_max,
             },
             owner) {
    const auto none = websocket::stream_base::none();
    const websocket::stream_base::timeout by_watch{none, none, false};
    stream.set_option(by_watch);
    stream.read_message_max(limits.message_bytes_max);
    stream.auto_fragment(false);
    stream.binary(!upgrading.subprotocol.text);
    error_code ignored;  // Only slower without it.
    stream.next_layer().next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    watch.add(*this, shortest_wait(limits));
    ++stats->web_sockets;
}

WebSocket::Impl::~Impl() { --stats->web_sockets; }

asio::awaitable<error_code> WebSocket::Impl::accept(const UpgradeRequest& request,
                                                    const Subprotocol& subprotocol) {
    const auto add_subprotocol = [&subprotocol](websocket::response_type& response) {
        response.set(beast::http::field::sec_websocket_protocol, subprotocol.name);
        response.erase(beast::http::field::server);
    };
    stream.set_option(websocket::stream_base::decorator(add_subprotocol));
    auto [ec] = co_await stream.async_accept(request, as_values);
    if (!ec) ++stats->upgrades;
    co_return ec;
}

asio::awaitable<Result<std::string_view>> WebSocket::Impl::read() {
    buffer.consume(buffer.size());
    if (buffer.capacity() > read_buffer_kept_max) buffer.shrink_to_fit();

    do {  // Room grows with what has come, never with what a header only declares.
        const std::size_t room = std::max(read_buffer_first, buffer.size());
        const auto space = buffer.prepare(std::min(room, stream.read_size_hint(room)));
        auto [ec, count] = co_await stream.async_read_some(space, as_values);
        if (ec) {
            co_await take_leave(ec == websocket::error::closed);
            co_return ec;
        }
        buffer.commit(count);
    } while (!stream.is_message_done());

    const auto bytes = buffer.cdata();
    co_return std::string_view(static_cast<const char*>(bytes.data()), bytes.size());
}

asio::awaitable<error_code> WebSocket::Impl::write(std::span<const std::string_view> pieces) {
    std::string joined;
    std::string_view all;
    if (pieces.size() > scattered_max) {
        for (const std::string_view piece : pieces)
            joined += piece;
        all = joined;
        pieces = std::span(&all, 1);
    }
    const Pieces buffers(pieces);
    auto [ec, count] = co_await stream.async_write_some(true, buffers, as_values);
    co_return ec;
}

asio::awaitable<void> WebSocket::Impl::close(CloseCode why) {
    if (is_closing) co_return;
    is_closing = true;
    closing_since = watch.now();
    const websocket::close_reason reason(static_cast<std::uint16_t>(why));
    auto [ec] = co_await stream.async_close(reason, as_values);
    co_await take_leave(!ec);
}

// Beast has failed or is through. Reader or closer, whoever comes first, ends the connection: at
// once when both sides have said goodbye, else the peer gets the time to hear ours.
asio::awaitable<void> WebSocket::Impl::take_leave(bool is_mutual) {
    const GuardedStream& guarded = stream.next_layer();
    if (is_leaving || !guarded.is_torn_down()) co_return;
    is_leaving = true;
    if (guarded.has_objected()) ++stats->illegal_peers;
    if (is_mutual && !guarded.has_objected()) co_return cut();
    co_await say_no_more(stream.next_layer().next_layer());
}

void WebSocket::Impl::cut() {
    error_code ignored;  // It is closed in any case.
    stream.next_layer().next_layer().close(ignored);
}

void WebSocket::Impl::look(Watch::Time now) {
    const GuardedStream& guarded = stream.next_layer();
    const auto silence = now - guarded.last_read();
    const bool is_stalled =
        guarded.is_writing() && now - guarded.write_began() >= limits.write_timeout;
    const bool is_silent = silence >= limits.idle_timeout;
    const bool is_deaf = (is_closing && now - closing_since >= limits.close_timeout) ||
                         (guarded.is_torn_down() && silence >= limits.close_timeout);
    if (is_stalled || is_silent || is_deaf) {
        if (stream.next_layer().next_layer().is_open()) ++stats->stalled_peers;
        return cut();
    }
    const auto unasked = std::min(silence, now - pinged);
    if (unasked < limits.idle_timeout / 2 || is_pinging || is_closing || guarded.is_torn_down()) {
        return;
    }
    is_pinging = true;
    pinged = now;
    asio::co_spawn(
        stream.get_executor(),
        [self = shared_from_this()] { return self->ping(); },
        asio::detached);
}

// At most one at a time. An error is left to the reader, which sees it too.
asio::awaitable<void> WebSocket::Impl::ping() {
    const auto self = shared_from_this();  // Outlives the WebSocket if need be.
    const websocket::ping_data nothing;
    co_await stream.async_ping(nothing, as_values);
    is_pinging = false;
}

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&&) noexcept = default;

WebSocket::~WebSocket() {
    if (impl_) impl_->cut();
}

asio::awaitable<Result<std::string_view>> WebSocket::read() { return impl_->read(); }

asio::awaitable<error_code> WebSocket::write(std::span<const std::string_view> pieces) {
    return impl_->write(pieces);
}

asio::awaitable<void> WebSocket::close(CloseCode why) { return impl_->close(why); }
void WebSocket::cut() { impl_->cut(); }
asio::any_io_executor WebSocket::executor() const { return impl_->stream.get_executor(); }

asio::awaitable<Result<WebSocket>> accept_web_socket(TcpSocket socket,
                                                     const UpgradeRequest& request,
                                                     Upgrading upgrading) {
    Watch& watch = asio::use_service<Watch>(socket.get_executor().context());
    auto impl = std::make_shared<WebSocket::Impl>(std::move(socket), upgrading, watch);
    const error_code ec = co_await impl->accept(request, upgrading.subprotocol);
    if (ec) co_return ec;
    co_return WebSocket(std::move(impl));
}

}  // namespace switchboard
