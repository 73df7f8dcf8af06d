#include "net/listener.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "net/http_connection.hpp"
#include "net/io_threads.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int backlog = 4'096;

// Turned away but still being told so; beyond, a connection is just closed.
constexpr int turned_away_max = 256;

// One descriptor kept back, so that a connection that finds none left can be taken and dropped
// instead of waking the acceptor for ever.
class Reserve {
public:
    Reserve() { take(); }
    ~Reserve() { give_up(); }
    Reserve(const Reserve&) = delete;
    Reserve& operator=(const Reserve&) = delete;

    void take() {
        if (descriptor_ < 0) descriptor_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    }
    void give_up() {
        if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
    }

private:
    int descriptor_ = -1;
};

// Descriptors are handed out lowest first: one this high says that so many are in use.
int descriptors_max(int percent) {
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    return static_cast<int>(limit.rlim_cur / 100 * static_cast<rlim_t>(percent) +
                            limit.rlim_cur % 100 * static_cast<rlim_t>(percent) / 100);
}

tcp::acceptor bound(asio::io_context& context, const ListenerSettings& settings) {
    const tcp::endpoint endpoint(asio::ip::make_address(settings.address), settings.port);
    tcp::acceptor acceptor(context, endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint);
    acceptor.listen(backlog);
    return acceptor;
}

}  // namespace

// Lives on the first I/O thread; the accepting coroutine keeps it.
struct Listener::Shared : std::enable_shared_from_this<Listener::Shared> {
    Shared(IoThreads& io_threads, ListenerSettings from, Handlers handlers)
        : threads(io_threads),
          settings(std::move(from)),
          acceptor(bound(threads.at(0), settings)),
          port(acceptor.local_endpoint().port()),
          pause(threads.at(0)),
          service(std::make_shared<Service>()) {
        service->handlers = std::move(handlers);
        service->http = settings.http;
        service->web_socket = settings.web_socket;
        service->handshakes_max = settings.handshakes_max;
        service->gate = std::make_shared<Gate>(threads.at(0), settings.per_ip);
        for (const std::string& proxy : settings.trusted_proxies) {
            service->trusted_proxies.push_back(asio::ip::make_address(proxy));
        }
    }

    asio::awaitable<void> accept_all();
    bool welcome(TcpSocket socket);
    void begin_service(TcpSocket socket, PeerAdmission admission);
    void refuse(TcpSocket socket, int status);
    void drop_one();
    asio::awaitable<void> back_off();

    IoThreads& threads;
    const ListenerSettings settings;
    tcp::acceptor acceptor;
    const std::uint16_t port;
    asio::steady_timer pause;
    std::shared_ptr<Service> service;
    Reserve reserve;
    std::size_t next_thread = 0;
    std::shared_ptr<std::atomic<int>> turned_away = std::make_shared<std::atomic<int>>(0);
};

asio::awaitable<void> Listener::Shared::accept_all() {
    const auto self = shared_from_this();
    while (acceptor.is_open()) {
        asio::io_context& context = threads.at(next_thread++ % threads.size());
        auto [ec, socket] = co_await acceptor.async_accept(context, as_values);
        if (ec == asio::error::operation_aborted) break;
        if (!ec) {
            if (!welcome(std::move(socket))) co_await back_off();
        } else if (ec != asio::error::connection_aborted) {
            ++service->stats->accept_failures;
            drop_one();
            co_await back_off();
        }
    }
}

asio::awaitable<void> Listener::Shared::back_off() {
    pause.expires_after(settings.back_off);
    co_await pause.async_wait(as_values);
}

// False when descriptors run out: better to wait a little than to take one more.
bool Listener::Shared::welcome(TcpSocket socket) {
    NetStats& stats = *service->stats;
    ++stats.accepted;
    error_code ec;
    const asio::ip::address peer = socket.remote_endpoint(ec).address();
    if (ec) return true;  // It has left already.
    if (socket.native_handle() >= descriptors_max(settings.descriptors_percent_max)) {
        refuse(std::move(socket), 503);
        return false;
    }
    if (stats.handshakes >= settings.handshakes_max) {
        refuse(std::move(socket), 503);
        return true;
    }
    PeerAdmission admission{
        peer, std::nullopt, Counted(stats.connections), Counted(stats.handshakes)};
    if (!service->trusts(peer)) {
        auto slot = service->gate->admit_here(peer);
        if (!slot) return refuse(std::move(socket), 429), true;
        admission.slot.emplace(std::move(*slot));
    }
    begin_service(std::move(socket), std::move(admission));
    return true;
}

void Listener::Shared::begin_service(TcpSocket socket, PeerAdmission admission) {
    const auto executor = socket.get_executor();
    const auto report = [service = service](const std::exception_ptr& failure) {
        if (failure) report_failure(*service, failure);
    };
    asio::co_spawn(executor, serve(std::move(socket), service, std::move(admission)), report);
}

void Listener::Shared::refuse(TcpSocket socket, int status) {
    ++(status == 429 ? service->stats->crowded : service->stats->busy);
    if (*turned_away >= turned_away_max) return;
    ++*turned_away;
    const auto executor = socket.get_executor();
    const auto done = [count = turned_away](const std::exception_ptr&) { --*count; };
    asio::co_spawn(executor, turn_away(std::move(socket), status), done);
}

// Out of descriptors. The connection at the head of the queue is told by a reset.
void Listener::Shared::drop_one() {
    reserve.give_up();
    acceptor.non_blocking(true);
    error_code ignored;
    acceptor.accept(ignored).close(ignored);
    reserve.take();
}

Listener::Listener(IoThreads& threads, ListenerSettings settings, Handlers handlers)
    : shared_(std::make_shared<Shared>(threads, std::move(settings), std::move(handlers))) {
    asio::co_spawn(threads.at(0), shared_->accept_all(), asio::detached);
}

// Out of memory here ends the process, as in any destructor.
Listener::~Listener() { stop(); }  // NOLINT(bugprone-exception-escape)

std::uint16_t Listener::port() const { return shared_->port; }

const NetStats& Listener::stats() const { return *shared_->service->stats; }

void Listener::stop() {
    shared_->service->is_stopping = true;
    asio::post(shared_->acceptor.get_executor(), [shared = shared_] {
        error_code ignored;  // It is closed in any case.
        shared->acceptor.close(ignored);
        shared->pause.cancel();
    });
}

}  // namespace switchboard
