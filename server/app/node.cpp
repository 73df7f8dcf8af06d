#include "app/node.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <stdexcept>
#include <thread>

#include "app/follow.hpp"
#include "app/listen.hpp"
#include "auth/random.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr auto lease_wait = 10s;                        // for the database, at start
constexpr auto slice = 20ms;                            // of waiting while draining
constexpr std::chrono::milliseconds drain_spread = 5s;  // over which clients are asked to go

Rate rate(int per_second, int burst) {
    if (per_second == 0) return {};
    return {std::chrono::microseconds(1s) / per_second, burst};
}

GatewaySettings gateway_settings(const Config& config) {
    GatewaySettings settings;
    const int commands = config.agent_commands_per_second;
    settings.agent.commands = rate(commands, 2 * commands);
    settings.visitor.commands = settings.agent.commands;
    const int messages = config.visitor_messages_per_second;
    settings.visitor.messages = rate(messages, 2 * messages);
    const int in_a_minute = config.visitor_messages_per_minute;
    settings.visitor.messages_in_a_minute = {};
    if (in_a_minute > 0)
        settings.visitor.messages_in_a_minute = {std::chrono::microseconds(60s) / in_a_minute,
                                                 in_a_minute};
    return settings;
}

ListenerSettings listener_settings(const Config& config) {
    constexpr int no_limit = 1'000'000;
    ListenerSettings settings;
    settings.address = config.http_address;
    settings.port = config.http_port;
    settings.trusted_proxies = config.trusted_proxies;
    const int sockets = config.address_sockets;
    const int news = config.address_sockets_per_second;
    settings.per_ip.sockets_max = sockets == 0 ? no_limit : sockets;
    settings.per_ip.new_per_second = news == 0 ? no_limit : news;
    settings.per_ip.burst = news == 0 ? no_limit : 3 * news;
    return settings;
}

KeyRing read_keys(const Config& config) {
    if (config.visitor_keys_file.empty())
        throw std::runtime_error("auth.visitor_keys_file is not set: visitors cannot be known");
    auto keys = KeyRing::read(config.visitor_keys_file);
    if (keys.has_error())
        throw std::runtime_error("auth.visitor_keys_file: " + keys.error().message());
    return std::move(keys.value());
}

std::vector<boost::asio::io_context*> contexts(IoThreads& threads) {
    std::vector<boost::asio::io_context*> all;
    for (std::size_t i = 0; i < threads.size(); ++i)
        all.push_back(&threads.at(i));
    return all;
}

std::vector<boost::asio::any_io_executor> executors(IoThreads& threads) {
    std::vector<boost::asio::any_io_executor> all;
    for (std::size_t i = 0; i < threads.size(); ++i)
        all.emplace_back(threads.at(i).get_executor());
    return all;
}

void log_failure(std::string_view what) { spdlog::error("a connection ended: {}", what); }

void log_stuck(TenantId tenant, const std::string& what) {
    spdlog::error("stuck at tenant {}: {}", tenant.value, what);
}

void log_lease(LeaseNews news) {
    switch (news) {
        case LeaseNews::held:
            return spdlog::info("the database grants this node its lease: tenants are served");
        case LeaseNews::late:
            return spdlog::warn("the lease could not be renewed; it is held for a moment still");
        case LeaseNews::run_out:
            return spdlog::error(
                "the lease has run out: what is asked is refused as unavailable, and tried again");
    }
}

std::unique_ptr<StateFolder> lock_folder(const Config& config, const Incarnation& me) {
    if (config.state_dir.empty()) return nullptr;
    return std::make_unique<StateFolder>(config.state_dir, me);
}

}  // namespace

Node::Node(const Config& config, IoThreads& threads, const LoopWatch& watch, NodeMetrics& metrics)
    : metrics_(metrics),
      me_(random_bits<Incarnation>()),
      folder_(lock_folder(config, me_)),
      keys_(read_keys(config)),
      pool_(std::in_place, ConnectionPool::Settings{config.database_url}),
      owners_(*pool_, me_),
      log_(PostgresTenantLog::Settings{config.database_url, me_}),
      lease_table_(config.database_url, me_, config.node_name),
      lease_(lease_table_,
             {folder_ ? folder_->predecessor() : std::nullopt,
              [this, &watch] {
                  return LeaseRule::Health{watch.oldest_tick(), log_.oldest_in_flight()};
              },
              log_lease}),
      ownership_(owners_, lease_),
      audience_(contexts(threads)),
      tenants_(executors(threads), {log_, store_, ownership_, audience_, clock_, log_stuck}, {}),
      logins_(accounts_, hasher_, LoginSessions::Settings{}),
      gateway_({gate_,
                store_,
                sites_,
                audience_,
                {keys_, tickets_, logins_},
                metrics.edge,
                [this] { return clock_.now(); },
                log_failure},
               gateway_settings(config)),
      request_limits_(rate(config.rest_requests_per_second, 2 * config.rest_requests_per_second)),
      rest_(rest_parts()),
      api_({logins_,
            tickets_,
            [this] { return clock_.now(); },
            [this](const SignedIn& who) {
                const auto& person = who.principal;
                audience_.log_out(person.tenant, person.public_id, who.session);
            },
            [this](HttpRequest request) { return rest_.handle(std::move(request)); }}),
      loads_(threads.size()) {
    if (!lease_.wait_until_held(lease_wait))
        throw std::runtime_error("the database did not grant this node a lease");
    gateway_.start();
    listener_ = listen(threads, listener_settings(config), handlers(), "http");
}

Node::~Node() = default;

RestParts Node::rest_parts() {
    const auto thread_of = [this](const boost::asio::any_io_executor& executor) {
        const auto* context = &boost::asio::query(executor, boost::asio::execution::context);
        std::size_t thread = 0;
        while (thread + 1 < audience_.size() && &audience_.context(thread) != context)
            ++thread;
        return thread;
    };
    return {gate_,
            catalogue_,
            archive_,
            store_,
            api_keys_,
            logins_,
            hasher_,
            request_limits_,
            [this] { return clock_.now(); },
            thread_of,
            [](const std::string& what) { spdlog::error("{}", what); },
            [this] { metrics_.edge.rate_limited.with("api").add(); },
            [this](TenantId tenant, const PublicId& person) { audience_.log_out(tenant, person); }};
}

Handlers Node::handlers() {
    Handlers handlers;
    handlers.http = [this](HttpRequest request) { return api_.handle(std::move(request)); };
    handlers.upgrade = [this](HttpRequest request, Subprotocol subprotocol) {
        return gateway_.upgrade(std::move(request), std::move(subprotocol));
    };
    handlers.subprotocols = Gateway::subprotocols();
    handlers.failed = log_failure;
    return handlers;
}

void Node::drain(std::chrono::seconds at_most) {
    const auto end = std::chrono::steady_clock::now() + at_most;
    is_draining_ = true;
    listener_->stop();
    gateway_.drain(std::min<std::chrono::milliseconds>(drain_spread, at_most / 2));
    while (gateway_.connections() > 0 && std::chrono::steady_clock::now() < end)
        std::this_thread::sleep_for(slice);
    std::promise<void> stopped;
    tenants_.stop([&stopped] { stopped.set_value(); });
    const auto left = end - std::chrono::steady_clock::now();
    if (stopped.get_future().wait_for(std::max<std::chrono::nanoseconds>(left, 1s)) !=
        std::future_status::ready) {
        spdlog::error("a batch is still undecided; ending without it");
        std::_Exit(1);  // what was not acknowledged was not promised
    }
    hasher_.stop();
    log_.stop();
}

void Node::close() {
    listener_.reset();
    pool_.reset();
}

void Node::sample() {
    Tenants::Load all;
    for (std::size_t thread = 0; thread < loads_.size(); ++thread) {
        if (const auto load = loads_[thread].load()) {
            all.mailbox_items += load->mailbox_items;
            all.mailbox_bytes += load->mailbox_bytes;
            all.counts += load->counts;
        }
        boost::asio::post(tenants_.executor(thread), [this, thread] {  // for the next time
            loads_[thread].store(std::make_shared<const Tenants::Load>(tenants_.load_of(thread)));
        });
    }
    follow(all, metrics_.tenants);
    follow(log_.counters(), metrics_.commit);
    follow(listener_->stats(), metrics_.edge);
    metrics_.cluster.takeover.follow(static_cast<double>(all.counts.takes));
    metrics_.cluster.lease_lost.follow(static_cast<double>(lease_.losses()));
    metrics_.cluster.self_fence.follow(static_cast<double>(all.counts.not_carried_out));
    metrics_.queues.reads.set(static_cast<double>(pool_->waiting()));
    metrics_.queues.reads_refused.follow(static_cast<double>(pool_->refused()));
    metrics_.queues.reads_cut.follow(static_cast<double>(pool_->cut()));
    metrics_.queues.passwords.set(static_cast<double>(hasher_.in_hand()));
}

}  // namespace switchboard
