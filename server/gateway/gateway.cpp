#include "gateway/gateway.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "net/bound_to.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

HttpResponse refusal(int status) {
    switch (status) {
        case 403:
            return problem(403, "this Origin may not open the socket");
        case 404:
            return problem(404, "there is no such socket");
        default:
            break;
    }
    auto response = problem(503, "try again later");
    response.fields.push_back({"Retry-After", "1"});
    return response;
}

}  // namespace

// What belongs to one I/O thread.
struct Gateway::Place {
    Place(const GatewayParts& parts, const GatewaySettings& settings, std::size_t index)
        : context(parts.audience.context(index)),
          sites(parts.sites, settings.door_kept),
          sessions{parts, settings, context, index, {}} {}

    asio::io_context& context;
    SiteDirectory sites;
    SessionPlace sessions;
    bool has_let_go = false;
};

Gateway::Gateway(const GatewayParts& parts, const GatewaySettings& settings)
    : parts_(parts), settings_(settings) {
    for (std::size_t i = 0; i < parts_.audience.size(); ++i)
        places_.push_back(std::make_unique<Place>(parts_, settings_, i));
}

Gateway::~Gateway() = default;

void Gateway::start() {
    const auto failed = [this](const std::exception_ptr& failure) {
        if (failure && parts_.failed) parts_.failed("the gateway's pulse stopped");
    };
    for (auto& place : places_)
        asio::co_spawn(place->context, beat(*place), failed);
}

asio::awaitable<void> Gateway::beat(Place& place) {
    asio::steady_timer timer(place.context);
    auto next = std::chrono::steady_clock::now();
    for (std::size_t turn = 0;; ++turn) {
        next += Pulse::interval;
        timer.expires_at(next);
        co_await timer.async_wait(asio::use_awaitable);
        const auto now = parts_.now();
        place.sessions.pulse.beat(now);
        if (turn % Pulse::slices == 0) parts_.audience.sweep(place.sessions.thread, now);
    }
}

std::vector<Subprotocol> Gateway::subprotocols() {
    return {{std::string(binary_subprotocol), false}, {std::string(json_subprotocol), true}};
}

asio::awaitable<UpgradeAnswer> Gateway::upgrade(HttpRequest request, Subprotocol subprotocol) {
    if (is_draining_) co_return refusal(503);
    auto key = parse_socket_path(request.path);
    if (!key) co_return refusal(404);
    const auto executor = co_await asio::this_coro::executor;
    auto& place = place_of(executor);
    auto origins = origins_of(request);
    const auto now = parts_.now();
    const auto door = co_await place.sites.open(std::move(*key), std::move(origins), now);
    if (!door) {
        parts_.metrics.handshake_rejected.with(std::to_string(door.error())).add();
        co_return refusal(door.error());
    }
    const auto encoding = subprotocol.text ? Encoding::json : Encoding::binary;
    Granted granted;
    granted.run = [this, door = *door, encoding, &place](WebSocket socket) {
        return run(std::move(socket), door, encoding, place);
    };
    co_return granted;
}

asio::awaitable<void> Gateway::run(WebSocket socket, Door door, Encoding encoding, Place& place) {
    struct Counted {
        std::atomic<std::size_t>& count;
        explicit Counted(std::atomic<std::size_t>& connections) : count(connections) { ++count; }
        ~Counted() { --count; }
    };
    const Counted counted(connections_);
    // A tenant's thread may be the last that knows it.
    const auto session =
        bound_to(place.context,
                 std::make_unique<Session>(std::move(socket), door, encoding, place.sessions));
    if (place.has_let_go) session->go_away({}, parts_.now());  // it was let in just before
    co_await session->run();
}

Gateway::Place& Gateway::place_of(const asio::any_io_executor& executor) {
    const auto* context = &asio::query(executor, asio::execution::context);
    for (auto& place : places_) {
        if (&place->context == context) return *place;
    }
    throw std::logic_error("a connection on a thread that is not of the gateway");
}

void Gateway::drain(std::chrono::milliseconds spread) {
    is_draining_ = true;
    for (auto& place : places_) {
        asio::post(place->context,
                   [this, &place = *place, spread] { let_go(place, parts_.now(), spread); });
    }
}

// Everybody at another time, so that the nodes they come back to are not stormed.
void Gateway::let_go(Place& place, Time from, std::chrono::milliseconds spread) {
    place.has_let_go = true;
    const auto count = static_cast<std::int64_t>(place.sessions.pulse.size());
    std::int64_t index = 0;
    place.sessions.pulse.for_each([&](Pulse::Member& member) {
        const auto share = spread * index++ / count;
        member.go_away({share}, from + share);
    });
}

}  // namespace switchboard
