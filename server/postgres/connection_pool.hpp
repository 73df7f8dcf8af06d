#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <atomic>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <type_traits>
#include <vector>

#include "postgres/commit/watchdog.hpp"
#include "postgres/connection.hpp"

namespace switchboard {

// A few threads with a connection each, for reads and small writes that may run side by side. What
// is given to it can run twice, so it must have the same effect then; the write path of a tenant
// is not for here.
//
// Any thread. Outlives every call, and ends before the loops that its callers run on are gone.
class ConnectionPool {
public:
    struct Settings {
        std::string connection;  // as configured: see connection_string()
        std::size_t threads = 4;
        std::size_t waiting_max = 1000;  // calls not yet answered; one more is refused at once
        // All of a call's statements: then the connection is cut, and the call unanswered.
        // PostgreSQL itself gives up a statement after 10 s.
        std::chrono::milliseconds answer_within{15'000};
    };

    explicit ConnectionPool(const Settings& settings);
    ~ConnectionPool();

    // Runs `work`, a named object called with a pqxx::connection, on a thread of the pool, and
    // resumes the caller where it was with the value. Errors: a PostgresError; the generic
    // resource_unavailable_try_again when too many calls wait. What is not an exception of libpqxx
    // is a bug, and is thrown here too.
    template <class Work>
    boost::asio::awaitable<Result<std::invoke_result_t<Work&, pqxx::connection&>>> run(Work& work);

    std::size_t waiting() const { return waiting_; }  // calls not yet answered
    std::size_t refused() const { return refused_; }  // because too many waited
    std::size_t cut() const { return cuts_; }         // connections that owed an answer

private:
    using Task = std::function<error_code(PostgresConnection&)>;
    struct Outcome {
        error_code error;
        std::exception_ptr bug;
    };

    bool admit();
    Outcome carry_out(const Task& task) noexcept;
    std::unique_ptr<PostgresConnection> take_idle();

    const Settings settings_;
    std::atomic<std::size_t> waiting_ = 0;
    std::atomic<std::size_t> refused_ = 0;
    Counter cuts_ = 0;
    Watchdog watchdog_{cuts_};
    std::mutex mutex_;  // guards idle_, for a moment
    std::vector<std::unique_ptr<PostgresConnection>> idle_;
    boost::asio::thread_pool threads_;  // as many as connections; last, so that it ends first
};

template <class Work>
boost::asio::awaitable<Result<std::invoke_result_t<Work&, pqxx::connection&>>> ConnectionPool::run(
    Work& work) {
    namespace asio = boost::asio;
    Result<std::invoke_result_t<Work&, pqxx::connection&>> result = error_code();
    const auto watched = [&](pqxx::connection& connection) {
        const Watchdog::Waiting waiting(watchdog_, connection.sock(), settings_.answer_within);
        return work(connection);
    };
    const Task task = [&](PostgresConnection& connection) {
        result = attempt(connection, watched);
        return result ? error_code() : result.error();
    };

    const auto home = co_await asio::this_coro::executor;
    if (!admit()) co_return make_error_code(boost::system::errc::resource_unavailable_try_again);
    co_await asio::post(asio::bind_executor(threads_, asio::use_awaitable));
    const Outcome outcome = carry_out(task);
    co_await asio::post(asio::bind_executor(home, asio::use_awaitable));
    if (outcome.bug) std::rethrow_exception(outcome.bug);
    co_return result;
}

}  // namespace switchboard
