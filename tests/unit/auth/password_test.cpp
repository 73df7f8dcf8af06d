#include "auth/password.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "auth/auth_error.hpp"
#include "support/await_result.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

constexpr PasswordHasher::Settings cheap{.memory_bytes = 8 << 10, .passes = 1};

// What came of many calls.
struct Tally {
    std::atomic<int> served = 0;
    std::atomic<int> busy = 0;
    std::atomic<int> unavailable = 0;

    void add(const Result<void>& result) {
        if (result.error() == AuthError::denied) {
            ++served;
        } else if (result.error() == AuthError::busy) {
            ++busy;
        } else {
            ++unavailable;
        }
    }
};

asio::awaitable<void> verify_once(PasswordHasher& hasher, Tally& tally) {
    const auto result = co_await hasher.verify_for_nobody("password");
    tally.add(result);
}

TEST(PasswordHasher, KnowsThePasswordAgain) {
    PasswordHasher hasher(cheap);
    const auto hash = await_result(hasher.hash("correct horse"));
    ASSERT_TRUE(hash);
    EXPECT_TRUE(hash->starts_with("$argon2id$v=19$m=8,t=1,p=1$")) << *hash;
    EXPECT_TRUE(await_result(hasher.verify("correct horse", *hash)));
    for (const char* wrong : {"", "correct hors", "Correct horse", "correct horse "})
        EXPECT_EQ(await_result(hasher.verify(wrong, *hash)).error(), AuthError::denied) << wrong;
}

TEST(PasswordHasher, TakesEveryByteOfAPasswordSeriously) {
    PasswordHasher hasher(cheap);
    const std::string with_nul("a\0b", 3);
    const auto hash = await_result(hasher.hash(with_nul));
    EXPECT_TRUE(await_result(hasher.verify(with_nul, *hash)));
    EXPECT_EQ(await_result(hasher.verify("a", *hash)).error(), AuthError::denied);
}

TEST(PasswordHasher, SaltsEachHash) {
    PasswordHasher hasher(cheap);
    EXPECT_NE(*await_result(hasher.hash("same")), *await_result(hasher.hash("same")));
}

TEST(PasswordHasher, RefusesAPasswordWithoutBytesOrWithTooMany) {
    PasswordHasher hasher(cheap);
    const std::string longest(PasswordHasher::password_bytes_max, 'x');
    EXPECT_EQ(await_result(hasher.hash("")).error(), AuthError::denied);
    EXPECT_EQ(await_result(hasher.hash(longest + "x")).error(), AuthError::denied);
    const auto hash = await_result(hasher.hash(longest));
    ASSERT_TRUE(hash);
    EXPECT_TRUE(await_result(hasher.verify(longest, *hash)));
    EXPECT_EQ(await_result(hasher.verify(longest + "x", *hash)).error(), AuthError::denied);
}

TEST(PasswordHasher, FindsNoPasswordForWhatIsNotAHash) {
    PasswordHasher hasher(cheap);
    for (const char* hash : {"", "plain", "$argon2id$", "$2y$10$abcdefghijklmnopqrstuv"})
        EXPECT_EQ(await_result(hasher.verify("plain", hash)).error(), AuthError::denied) << hash;
    EXPECT_EQ(await_result(hasher.verify_for_nobody("anything")).error(), AuthError::denied);
}

TEST(PasswordHasher, RefusesSettingsThatArgonDoesNotTake) {
    EXPECT_THROW(PasswordHasher({.memory_bytes = 1, .passes = 1}), std::invalid_argument);
    EXPECT_THROW(PasswordHasher({.memory_bytes = 8 << 10, .passes = 0}), std::invalid_argument);
}

asio::awaitable<bool> stays_on_this_thread(PasswordHasher& hasher) {
    const auto before = std::this_thread::get_id();
    const auto result = co_await hasher.verify_for_nobody("password");
    EXPECT_EQ(result.error(), AuthError::denied);
    co_return std::this_thread::get_id() == before;
}

TEST(PasswordHasher, ResumesTheCallerWhereItWas) {
    PasswordHasher hasher(cheap);
    EXPECT_TRUE(await_result(stays_on_this_thread(hasher)));
}

TEST(PasswordHasher, AnswersBusyWhenTheQueueIsFull) {
    PasswordHasher hasher({.memory_bytes = 1 << 20, .passes = 2, .waiting_max = 3});
    Tally tally;
    int asked = 0;
    // The thread may keep up with a caller that the machine holds up; then ask again.
    for (int round = 0; tally.busy == 0 && round < 100; ++round) {
        asio::io_context context;
        for (int i = 0; i < 40; ++i, ++asked)
            asio::co_spawn(context, verify_once(hasher, tally), asio::detached);
        while (context.run_one() != 0)
            ASSERT_LE(hasher.in_hand(), 4U);
    }
    EXPECT_GT(tally.busy, 0);
    EXPECT_GE(tally.served, 4);
    EXPECT_EQ(tally.served + tally.busy, asked);
    EXPECT_EQ(hasher.in_hand(), 0U);
}

TEST(PasswordHasher, ServesManyThreads) {
    PasswordHasher hasher({.memory_bytes = 8 << 10, .passes = 1, .waiting_max = 1000});
    Tally tally;
    asio::thread_pool callers(4);
    for (int i = 0; i < 200; ++i)
        asio::co_spawn(callers, verify_once(hasher, tally), asio::detached);
    callers.join();
    EXPECT_EQ(tally.served, 200);
}

TEST(PasswordHasher, AnswersEverybodyWhenItStops) {
    PasswordHasher hasher({.memory_bytes = 1 << 20, .passes = 1, .waiting_max = 1000});
    Tally tally;
    asio::thread_pool callers(2);
    for (int i = 0; i < 200; ++i)
        asio::co_spawn(callers, verify_once(hasher, tally), asio::detached);
    hasher.stop();
    asio::co_spawn(callers, verify_once(hasher, tally), asio::detached);
    callers.join();
    EXPECT_GE(tally.unavailable, 1);
    EXPECT_EQ(tally.served + tally.unavailable, 201);
    EXPECT_EQ(hasher.in_hand(), 0U);
    hasher.stop();  // a second time changes nothing
}

TEST(PasswordHasher, IsNotDisturbedByACallerThatIsCancelled) {
    PasswordHasher hasher(cheap);
    for (int round = 0; round < 50; ++round) {
        asio::io_context context;
        asio::cancellation_signal signal;
        Tally tally;
        asio::co_spawn(context,
                       verify_once(hasher, tally),
                       asio::bind_cancellation_slot(signal.slot(), asio::detached));
        context.run_one();
        signal.emit(asio::cancellation_type::terminal);
        context.run();
        EXPECT_EQ(tally.served, 1);
    }
}

}  // namespace
}  // namespace switchboard
