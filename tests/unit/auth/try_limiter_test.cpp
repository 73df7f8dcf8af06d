#include "auth/try_limiter.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr TryLimiter::Limits limits{.tries_max = 3, .window = 60s, .keys_max = 4};
const Digest key_of_ann = sha256("ann");
const Digest key_of_bob = sha256("bob");

Time at(std::chrono::seconds time) { return Time(1'000'000'000s) + time; }

TEST(TryLimiter, MakesAKeyWaitUntilItsOldestTryLeavesTheWindow) {
    TryLimiter limiter(limits);
    for (const auto time : {0s, 10s, 20s}) {
        EXPECT_EQ(limiter.wait(key_of_ann, at(time)), 0s);
        limiter.take(key_of_ann, at(time));
    }
    EXPECT_EQ(limiter.wait(key_of_ann, at(20s)), 40s);
    EXPECT_EQ(limiter.wait(key_of_ann, at(59s)), 1s);
    EXPECT_EQ(limiter.wait(key_of_ann, at(60s)), 0s);
    limiter.take(key_of_ann, at(60s));
    EXPECT_EQ(limiter.wait(key_of_ann, at(60s)), 10s);
    EXPECT_EQ(limiter.wait(key_of_bob, at(20s)), 0s);
}

TEST(TryLimiter, ForgetsATryThatIsGivenBack) {
    TryLimiter limiter(limits);
    for (int i = 0; i < 3; ++i)
        limiter.take(key_of_ann, at(0s));
    EXPECT_GT(limiter.wait(key_of_ann, at(0s)), 0s);
    limiter.give_back(key_of_ann, at(0s));
    EXPECT_EQ(limiter.wait(key_of_ann, at(0s)), 0s);
    limiter.give_back(key_of_ann, at(0s));
    limiter.give_back(key_of_ann, at(0s));
    limiter.give_back(key_of_ann, at(0s));  // one more than there is
    EXPECT_EQ(limiter.size(), 0U);
}

TEST(TryLimiter, DropsExpiredKeysFirstAndThenTheOneTriedLongestAgo) {
    TryLimiter limiter(limits);
    for (const auto time : {0s, 1s, 2s, 3s})
        limiter.take(sha256(std::to_string(time.count())), at(time));
    for (int i = 0; i < 2; ++i)
        limiter.take(sha256("0"), at(4s));  // "0" is now the last tried, "1" the first

    limiter.take(key_of_ann, at(5s));
    EXPECT_EQ(limiter.size(), 4U);
    EXPECT_EQ(limiter.evicted(), 1U);
    EXPECT_GT(limiter.wait(sha256("0"), at(5s)), 0s);

    limiter.take(key_of_bob, at(63s));  // "2" and "3" have expired
    EXPECT_EQ(limiter.size(), 3U);
    EXPECT_EQ(limiter.evicted(), 1U);
}

TEST(TryLimiter, NeverMakesAnyoneWaitLongerThanTheWindowWhenTheClockIsSetBack) {
    TryLimiter limiter(limits);
    for (int i = 0; i < 3; ++i)
        limiter.take(key_of_ann, at(3600s));
    EXPECT_EQ(limiter.wait(key_of_ann, at(0s)), 60s);
}

TEST(TryLimiter, LetsNoWindowHaveMoreTriesThanTheMaximum) {
    std::mt19937 random(7);  // NOLINT(cert-msc51-cpp): the same days each time
    TryLimiter limiter(limits);
    std::map<int, std::vector<Time>> tries;
    Time now = at(0s);
    for (int step = 0; step < 5'000; ++step) {
        now += std::chrono::milliseconds(random() % 8000);
        const int who = static_cast<int>(random() % 4);
        const Digest key = sha256(std::to_string(who));
        auto& mine = tries[who];
        const auto recent = std::ranges::count_if(mine, [&](Time t) { return now - t < 60s; });
        ASSERT_EQ(limiter.wait(key, now) == 0s, recent < 3) << "step " << step;
        if (recent >= 3) continue;
        limiter.take(key, now);
        mine.push_back(now);
    }
}

}  // namespace
}  // namespace switchboard
