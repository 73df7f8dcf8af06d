#include "postgres/connection_pool.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <set>
#include <stdexcept>

#include "support/await_result.hpp"
#include "support/byte_proxy.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

// Work for the pool: which backend serves it.
int backend(pqxx::connection& connection) {
    return pqxx::nontransaction(connection).exec1("SELECT pg_backend_pid()")[0].as<int>();
}

void end_backend(const std::string& server, int pid) {
    pqxx::connection connection(server);
    pqxx::nontransaction session(connection);
    session.exec_params("SELECT pg_terminate_backend($1, 5000)", pid);  // waits until it is gone
}

class ConnectionPoolTest : public testing::Test {
protected:
    ConnectionPool::Settings settings(std::size_t threads, std::size_t waiting_max = 1000) {
        ConnectionPool::Settings settings;
        settings.connection = test_server();
        settings.threads = threads;
        settings.waiting_max = waiting_max;
        return settings;
    }
};

TEST_F(ConnectionPoolTest, KeepsItsConnectionFromCallToCall) {
    ConnectionPool pool(settings(1));
    const int first = await_result(pool.run(backend)).value();
    EXPECT_EQ(await_result(pool.run(backend)).value(), first);
    EXPECT_EQ(pool.waiting(), 0U);
}

TEST_F(ConnectionPoolTest, GoesOnWithANewConnectionWhenItsOwnWasEnded) {
    ConnectionPool pool(settings(1));
    const int first = await_result(pool.run(backend)).value();
    end_backend(test_server(), first);
    EXPECT_NE(await_result(pool.run(backend)).value(), first);
}

TEST_F(ConnectionPoolTest, CutsAConnectionThatOwesAnAnswerAndServesTheNext) {
    ByteProxy proxy(test_server());
    auto hasty = settings(1);
    hasty.connection = proxy.connection();
    hasty.answer_within = std::chrono::milliseconds(300);
    ConnectionPool pool(hasty);
    ASSERT_TRUE(await_result(pool.run(backend)));
    for (std::size_t silent = 1; silent <= 2; ++silent) {
        proxy.hold_answers();
        EXPECT_EQ(await_result(pool.run(backend)).error(), PostgresError::unreachable);
        EXPECT_EQ(pool.cut(), silent);
        EXPECT_TRUE(await_result(pool.run(backend)));
    }
}

TEST_F(ConnectionPoolTest, SaysWhenTheDatabaseCannotBeReached) {
    auto nowhere = settings(1);
    nowhere.connection = "host=/nonexistent dbname=none";
    ConnectionPool pool(nowhere);
    EXPECT_EQ(await_result(pool.run(backend)).error(), PostgresError::unreachable);
}

TEST_F(ConnectionPoolTest, SaysWhenAStatementIsRefusedAndServesTheNext) {
    ConnectionPool pool(settings(1));
    const auto wrong = [](pqxx::connection& connection) {
        return pqxx::nontransaction(connection).exec("SELECT 1 / 0").size();
    };
    EXPECT_EQ(await_result(pool.run(wrong)).error(), PostgresError::failed);
    EXPECT_TRUE(await_result(pool.run(backend)));
}

TEST_F(ConnectionPoolTest, ThrowsABugWhereItWasCalled) {
    ConnectionPool pool(settings(1));
    const auto bug = [](pqxx::connection&) -> int { throw std::logic_error("a bug"); };
    EXPECT_THROW(await_result(pool.run(bug)), std::logic_error);
    EXPECT_TRUE(await_result(pool.run(backend)));
}

TEST_F(ConnectionPoolTest, RefusesACallTooManyAtOnce) {
    asio::io_context loop;  // outlives the threads of the pool
    ConnectionPool pool(settings(1, 1));
    std::promise<void> go_on;
    auto gone_on = go_on.get_future();
    const auto slow = [&](pqxx::connection&) {
        gone_on.wait();
        return 1;
    };
    auto first = asio::co_spawn(loop, pool.run(slow), asio::use_future);
    loop.poll();  // admitted; nobody has answered
    EXPECT_EQ(await_result(pool.run(backend)).error(),
              boost::system::errc::resource_unavailable_try_again);
    EXPECT_EQ(pool.refused(), 1U);
    go_on.set_value();
    loop.run();
    EXPECT_EQ(first.get().value(), 1);
}

TEST_F(ConnectionPoolTest, ServesManyCallersWithFewConnections) {
    asio::io_context loop;  // outlives the threads of the pool
    ConnectionPool pool(settings(3));
    std::atomic<int> side_by_side = 0;
    std::atomic<int> most = 0;
    const auto work = [&](pqxx::connection& connection) {
        const int now = ++side_by_side;
        for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
        }
        const int pid = backend(connection);
        --side_by_side;
        return pid;
    };
    std::vector<std::future<Result<int>>> answers;
    for (int i = 0; i < 100; ++i)
        answers.push_back(asio::co_spawn(loop, pool.run(work), asio::use_future));
    loop.run();
    std::set<int> backends;
    for (auto& answer : answers)
        backends.insert(answer.get().value());
    EXPECT_LE(backends.size(), 3U);
    EXPECT_LE(most, 3);
}

}  // namespace
}  // namespace switchboard
