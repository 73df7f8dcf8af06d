#include "postgres/connection_pool.hpp"

namespace switchboard {
namespace {

// Plans are made once, perhaps when a table was still empty, and must not scan it later.
std::string connection_string_of(const ConnectionPool::Settings& settings) {
    return connection_string(settings.connection,
                             "switchboard reader",
                             {"plan_cache_mode=force_generic_plan",
                              "enable_seqscan=off",
                              "enable_bitmapscan=off",
                              "enable_material=off",
                              "jit=off",
                              "enable_hashjoin=off",
                              "enable_mergejoin=off",
                              "statement_timeout=10s",
                              "lock_timeout=3s",
                              "idle_in_transaction_session_timeout=10s"});
}

}  // namespace

ConnectionPool::ConnectionPool(const Settings& settings)
    : settings_(settings), threads_(settings.threads) {
    const auto text = connection_string_of(settings);
    for (std::size_t i = 0; i < settings.threads; ++i)
        idle_.push_back(std::make_unique<PostgresConnection>(text));
}

ConnectionPool::~ConnectionPool() {
    threads_.stop();
    threads_.join();
}

bool ConnectionPool::admit() {
    if (++waiting_ <= settings_.waiting_max) return true;
    --waiting_;
    ++refused_;
    return false;
}

// A connection that lay idle may have died since, so its loss says nothing of the database; that a
// new one fails does.
ConnectionPool::Outcome ConnectionPool::carry_out(const Task& task) noexcept {
    Outcome outcome;
    auto connection = take_idle();
    const bool lay_idle = connection->is_open();
    const auto start = std::chrono::steady_clock::now();
    const auto is_patient = [&] {  // else it owed the answer until it was cut
        return std::chrono::steady_clock::now() - start < settings_.answer_within;
    };
    try {
        outcome.error = task(*connection);
        if (lay_idle && outcome.error == PostgresError::unreachable && is_patient())
            outcome.error = task(*connection);
    } catch (...) {
        connection->drop();
        outcome.bug = std::current_exception();
    }
    --waiting_;
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(connection));
    return outcome;
}

std::unique_ptr<PostgresConnection> ConnectionPool::take_idle() {
    const std::lock_guard lock(mutex_);
    auto connection = std::move(idle_.back());  // there are as many as threads
    idle_.pop_back();
    return connection;
}

}  // namespace switchboard
