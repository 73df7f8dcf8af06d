#include "net/http_connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "net/accept_web_socket.hpp"
#include "net/request_guard.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::chrono::milliseconds farewell_timeout{1'000};

// What chunk sizes and trailers may add to a body.
constexpr std::size_t framing_bytes_max = 16 << 10;

std::chrono::milliseconds shortest_wait(const HttpLimits& limits) {
    return std::min({limits.header_timeout / 5,
                     limits.body_timeout,
                     limits.write_timeout,
                     limits.silent_timeout,
                     farewell_timeout});
}

// True when the bytes were at fault, not the connection.
bool is_malformed(const error_code& ec) {
    return ec.category() == http::make_error_code(http::error::bad_method).category();
}

// An upgrade the handler has granted.
struct Granting {
    const Subprotocol* subprotocol = nullptr;
    Granted granted;
    std::optional<Gate::Slot> slot;  // of a client behind a proxy
};

// The HTTP part of a connection: requests, one after the other. All of it is gone before a
// WebSocket begins to live.
class HttpConnection {
public:
    HttpConnection(TcpSocket& socket, Service& service, PeerAdmission& admission)
        : socket_(socket),
          service_(service),
          admission_(admission),
          deadline_(socket, shortest_wait(service.http)) {}

    // Until the connection ends, or an upgrade is granted.
    asio::awaitable<std::optional<Granting>> run();

    UpgradeRequest upgrade_request() { return parser_->release(); }

private:
    asio::awaitable<bool> read_head();
    asio::awaitable<bool> read_body(HttpRequest& request);
    asio::awaitable<std::optional<Granting>> answer_upgrade();
    asio::awaitable<std::optional<HttpResponse>> ask_handler(const asio::ip::address& client,
                                                             Granting& granting);
    asio::awaitable<void> answer(HttpRequest request);
    asio::awaitable<void> respond(HttpResponse response);
    asio::awaitable<void> refuse(HttpResponse response);

    bool is_upgrade() const {
        return service_.handlers.upgrade && beast::websocket::is_upgrade(parser_->get());
    }

    TcpSocket& socket_;
    Service& service_;
    PeerAdmission& admission_;
    Deadline deadline_;
    beast::flat_buffer buffer_{16 << 10};
    std::optional<http::request_parser<http::string_body>> parser_;
    bool keeps_alive_ = true;
};

asio::awaitable<std::optional<Granting>> HttpConnection::run() {
    const auto timeout = service_.http.header_timeout;
    deadline_.expires_after(service_.is_crowded() ? timeout / 5 : timeout);
    while (keeps_alive_) {
        if (!co_await read_head()) break;
        if (is_upgrade()) co_return co_await answer_upgrade();

        HttpRequest request = to_request(parser_->get());  // before trailers could add to it
        request.remote_address = admission_.peer.to_string();
        if (service_.trusts(admission_.peer)) {
            request.remote_address = forwarded_for(parser_->get(), admission_.peer).to_string();
        }
        if (!co_await read_body(request)) break;
        admission_.handshake.release();
        co_await answer(std::move(request));
        if (!keeps_alive_) break;

        deadline_.expires_after(service_.http.silent_timeout);
        if (buffer_.size() == 0) {
            auto [ec] = co_await socket_.async_wait(TcpSocket::wait_read, as_values);
            if (ec) break;
        }
        deadline_.expires_after(timeout);
    }
    deadline_.expires_after(farewell_timeout);
    co_await say_no_more(socket_);
    co_return std::nullopt;
}

// False when the connection is over; an illegal header has been answered then.
asio::awaitable<bool> HttpConnection::read_head() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(service_.http.header_bytes_max));
    parser_->body_limit(service_.http.body_bytes_max);
    auto [ec, count] = co_await http::async_read_header(socket_, buffer_, *parser_, as_values);
    if (ec == http::error::header_limit) {
        co_await refuse(problem(431, "the header is too big"));
    } else if (ec == http::error::body_limit) {
        co_await refuse(problem(413, "the body is too big"));
    } else if (ec == http::error::end_of_stream || ec == http::error::partial_message) {
        co_return false;
    } else if (is_malformed(ec)) {
        co_await refuse(problem(400, "the request is malformed"));
    } else if (!ec) {
        auto objection = objection_to(parser_->get());
        if (!objection) co_return true;
        co_await refuse(std::move(*objection));
    }
    co_return false;
}

// Fills in the body; false when the connection is over.
asio::awaitable<bool> HttpConnection::read_body(HttpRequest& request) {
    deadline_.expires_after(service_.http.body_timeout);
    if (!parser_->is_done() && beast::iequals(request.field("Expect"), "100-continue")) {
        const auto line = asio::buffer(std::string_view("HTTP/1.1 100 Continue\r\n\r\n"));
        auto [ec, count] = co_await asio::async_write(socket_, line, as_values);
        if (ec) co_return false;
    }
    std::size_t received = 0;
    while (!parser_->is_done()) {
        auto [ec, count] = co_await http::async_read_some(socket_, buffer_, *parser_, as_values);
        received += count;
        const bool is_endless = received > service_.http.body_bytes_max + framing_bytes_max;
        if (ec == http::error::body_limit || is_endless) {
            co_await refuse(problem(413, "the body is too big"));
            co_return false;
        }
        if (is_malformed(ec)) {
            co_await refuse(problem(400, "the body is malformed"));
            co_return false;
        }
        if (ec) co_return false;
    }
    keeps_alive_ = parser_->keep_alive();
    request.body = std::move(parser_->get().body());
    co_return true;
}

asio::awaitable<void> HttpConnection::answer(HttpRequest request) {
    ++service_.stats->requests;
    deadline_.expires_after(std::chrono::hours(1));  // the handler's time is its own affair
    std::optional<HttpResponse> response;
    try {
        response = co_await service_.handlers.http(std::move(request));
    } catch (...) {
        report_failure(service_, std::current_exception());
    }
    if (!response) {
        keeps_alive_ = false;
        response = problem(500, "this server failed");
    }
    co_await respond(std::move(*response));
}

// The head is the handler's too: a field that would break out of its line is a failure of it.
asio::awaitable<void> HttpConnection::respond(HttpResponse response) {
    const bool is_client_error = response.status >= 400 && response.status < 500;
    keeps_alive_ = keeps_alive_ && !is_client_error && !service_.is_stopping;
    std::string head;
    try {
        head = to_head(response, keeps_alive_);
    } catch (const std::invalid_argument&) {
        report_failure(service_, std::current_exception());
        keeps_alive_ = false;
        response = problem(500, "this server failed");
        head = to_head(response, keeps_alive_);
    }
    if (parser_->get().method() == http::verb::head) response.body.clear();

    deadline_.expires_after(service_.http.write_timeout);
    const std::array buffers{asio::buffer(std::as_const(head)),
                             asio::buffer(std::as_const(response.body))};
    auto [ec, count] = co_await asio::async_write(socket_, buffers, as_values);
    if (ec) keeps_alive_ = false;
}

asio::awaitable<void> HttpConnection::refuse(HttpResponse response) {
    ++service_.stats->bad_requests;
    keeps_alive_ = false;
    co_await respond(std::move(response));
}

// Everything is decided before the upgrade, so that a refusal is an HTTP response a browser shows.
asio::awaitable<std::optional<Granting>> HttpConnection::answer_upgrade() {
    std::optional<HttpResponse> objection = objection_to_upgrade(parser_->get());
    if (!objection && buffer_.size() > 0) objection = problem(400, "bytes after an upgrade");
    const Subprotocol* subprotocol =
        choose_subprotocol(parser_->get(), service_.handlers.subprotocols);
    if (!objection && subprotocol == nullptr) objection = problem(400, "no subprotocol in common");

    Granting granting;
    granting.subprotocol = subprotocol;
    auto client = admission_.peer;
    if (!objection && service_.trusts(client)) {
        client = forwarded_for(parser_->get(), client);
        granting.slot = co_await service_.gate->admit(client);
        if (!granting.slot) objection = problem(429, "too many connections from this address");
    }
    if (!objection) objection = co_await ask_handler(client, granting);
    if (!objection) co_return granting;

    co_await refuse(std::move(*objection));
    deadline_.expires_after(farewell_timeout);
    co_await say_no_more(socket_);
    co_return std::nullopt;
}

// The refusal of the handler; nothing when it has granted the upgrade.
asio::awaitable<std::optional<HttpResponse>> HttpConnection::ask_handler(
    const asio::ip::address& client, Granting& granting) {
    ++service_.stats->requests;
    HttpRequest request = to_request(parser_->get());
    request.remote_address = client.to_string();
    Subprotocol subprotocol = *granting.subprotocol;
    deadline_.expires_after(std::chrono::hours(1));
    try {
        UpgradeAnswer answer =
            co_await service_.handlers.upgrade(std::move(request), std::move(subprotocol));
        if (auto* refusal = std::get_if<HttpResponse>(&answer)) co_return std::move(*refusal);
        granting.granted = std::move(std::get<Granted>(answer));
        co_return std::nullopt;
    } catch (...) {
        report_failure(service_, std::current_exception());
    }
    co_return problem(500, "this server failed");
}

}  // namespace

bool Service::trusts(const asio::ip::address& peer) const {
    return std::ranges::find(trusted_proxies, peer) != trusted_proxies.end();
}

void report_failure(const Service& service, const std::exception_ptr& failure) {
    ++service.stats->handler_failures;
    if (!service.handlers.failed) return;
    try {
        std::rethrow_exception(failure);
    } catch (const std::exception& known) {
        service.handlers.failed(known.what());
    } catch (...) {
        service.handlers.failed("not an exception of the standard library");
    }
}

asio::awaitable<void> serve(TcpSocket socket,
                            std::shared_ptr<Service> service,
                            PeerAdmission admission) {
    auto connection = std::make_unique<HttpConnection>(socket, *service, admission);
    std::optional<Granting> granting = co_await connection->run();
    if (!granting) co_return;

    Upgrading upgrading{*granting->subprotocol, service->web_socket, service->stats};
    auto request = std::make_unique<UpgradeRequest>(connection->upgrade_request());
    connection.reset();
    auto web_socket = co_await accept_web_socket(std::move(socket), *request, upgrading);
    request.reset();
    admission.handshake.release();
    if (!web_socket) co_return;
    try {
        co_await granting->granted.run(std::move(*web_socket));
    } catch (...) {
        report_failure(*service, std::current_exception());
    }
}

asio::awaitable<void> turn_away(TcpSocket socket, int status) {
    Deadline deadline(socket, farewell_timeout);
    deadline.expires_after(farewell_timeout);
    HttpResponse response = problem(status, "too many connections");
    response.fields.push_back({"Retry-After", "1"});
    const std::string text = to_head(response, false) + response.body;
    const auto buffer = asio::buffer(text);
    auto [ec, count] = co_await asio::async_write(socket, buffer, as_values);
    if (!ec) co_await say_no_more(socket);
}

}  // namespace switchboard
