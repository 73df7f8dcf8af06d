#include "integration/net/test_server.hpp"

#include <array>
#include <stdexcept>
#include <vector>

namespace switchboard {

namespace asio = boost::asio;

TestServer::TestServer(ListenerSettings settings, std::size_t threads) : threads_(threads) {
    Handlers handlers;
    handlers.http = [this](HttpRequest request) { return answer(std::move(request)); };
    handlers.upgrade = [this](HttpRequest request, Subprotocol subprotocol) {
        return decide(std::move(request), std::move(subprotocol));
    };
    handlers.subprotocols = {{"test.binary", false}, {"test.text", true}};
    handlers.failed = [this](std::string_view) { ++failures; };
    listener_.emplace(threads_, std::move(settings), std::move(handlers));
    threads_.start();
}

ListenerSettings TestServer::generous() {
    ListenerSettings settings;
    settings.per_ip.sockets_max = 100'000;
    settings.per_ip.new_per_second = 100'000;
    settings.per_ip.burst = 100'000;
    return settings;
}

std::set<std::thread::id> TestServer::echo_threads() {
    const std::lock_guard lock(mutex_);
    return echo_threads_;
}

std::string TestServer::last_upgrade() {
    const std::lock_guard lock(mutex_);
    return last_upgrade_;
}

asio::awaitable<HttpResponse> TestServer::answer(HttpRequest request) {
    HttpResponse response;
    response.content_type = "text/plain";
    if (request.path == "/throw") throw std::runtime_error("as asked");
    if (request.path == "/bad-field") response.fields.push_back({"Location", "/\r\nX: y"});
    if (request.path == "/missing") response = problem(404, "no such page");
    if (request.path == "/echo") response.body = std::move(request.body);
    if (request.path == "/seen") {
        response.body = request.method + ' ' + request.path + '?' + request.query + ' ' +
                        request.remote_address + ' ' + std::string(request.field("authorization"));
    }
    co_return response;
}

asio::awaitable<UpgradeAnswer> TestServer::decide(HttpRequest request, Subprotocol subprotocol) {
    if (request.path == "/throw") throw std::runtime_error("as asked");
    if (request.field("Origin") == "https://evil.example") {
        co_return problem(403, "this origin is not a site of the tenant");
    }
    {
        const std::lock_guard lock(mutex_);
        last_upgrade_ = request.path + ' ' + request.query + ' ' +
                        std::string(request.field("Origin")) + ' ' + subprotocol.name + ' ' +
                        request.remote_address;
    }
    co_return Granted{[this](WebSocket socket) { return echo(std::move(socket)); }};
}

asio::awaitable<void> TestServer::echo(WebSocket socket) {
    const auto thread = std::this_thread::get_id();
    {
        const std::lock_guard lock(mutex_);
        echo_threads_.insert(thread);
    }
    for (;;) {
        auto message = co_await socket.read();
        if (std::this_thread::get_id() != thread) changed_thread = true;
        if (!message) co_return;
        if (message->starts_with("close ")) {
            const auto code = static_cast<CloseCode>(std::stoi(std::string(message->substr(6))));
            co_await socket.close(code);
            co_return;
        }
        if (*message == "throw") throw std::runtime_error("as asked");
        if (*message == "flood") co_return co_await write_flood(socket);
        if (*message == "many") {
            co_await write_many(socket);
            continue;
        }
        const std::span<const std::string_view> pieces(&*message, 1);
        if (co_await socket.write(pieces)) co_return;
    }
}

asio::awaitable<void> TestServer::write_flood(WebSocket& socket) {
    const std::string bytes(64 << 10, 'x');
    const std::string_view piece = bytes;
    const std::span<const std::string_view> pieces(&piece, 1);
    for (int i = 0; i < 1'024; ++i) {
        if (co_await socket.write(pieces)) co_return;
    }
}

asio::awaitable<void> TestServer::write_many(WebSocket& socket) {
    const std::vector<std::string_view> few{"a", "", "bc"};
    const std::vector<std::string_view> many(40, "ab");
    if (co_await socket.write(few)) co_return;
    co_await socket.write(many);
}

}  // namespace switchboard
