#include "domain/rate_limit.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

const Time start{std::chrono::hours(1)};

TEST(RateLimit, AllowsABurstThenOneEachInterval) {
    const Rate rate{200ms, 10};
    RateLimit limit;
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(limit.take(rate, start)) << i;
    EXPECT_EQ(limit.take(rate, start), 200ms);
    EXPECT_EQ(limit.take(rate, start + 150ms), 50ms) << "what was refused does not count";
    EXPECT_FALSE(limit.take(rate, start + 200ms));
    EXPECT_TRUE(limit.take(rate, start + 200ms));
}

TEST(RateLimit, APauseGivesTheBurstBack) {
    const Rate rate{1s, 3};
    RateLimit limit;
    for (int i = 0; i < 3; ++i)
        limit.take(rate, start);
    EXPECT_FALSE(limit.is_idle(start));
    EXPECT_TRUE(limit.is_idle(start + 3s));
    for (int i = 0; i < 3; ++i)
        EXPECT_FALSE(limit.take(rate, start + 3s));
    EXPECT_TRUE(limit.take(rate, start + 3s));
}

TEST(RateLimit, ZeroIsNoLimit) {
    RateLimit limit;
    for (int i = 0; i < 1'000; ++i)
        EXPECT_FALSE(limit.take(Rate{}, start));
}

TEST(RateLimit, TellsHowManyRemainAndWhenAllDo) {
    const Rate rate{200ms, 10};
    RateLimit limit;
    EXPECT_EQ(limit.remaining(rate, start), 10);
    EXPECT_EQ(limit.whole_after(start), 0s);
    for (int i = 0; i < 4; ++i)
        limit.take(rate, start);
    EXPECT_EQ(limit.remaining(rate, start), 6);
    EXPECT_EQ(limit.whole_after(start), 800ms);
    EXPECT_EQ(limit.remaining(rate, start + 199ms), 6);
    EXPECT_EQ(limit.remaining(rate, start + 200ms), 7);
    EXPECT_EQ(limit.remaining(rate, start + 1h), 10);
    for (int remaining = limit.remaining(rate, start); remaining > 0; --remaining)
        EXPECT_FALSE(limit.take(rate, start)) << remaining;
    EXPECT_TRUE(limit.take(rate, start)) << "none remains";
    EXPECT_EQ(limit.remaining(rate, start), 0);
}

}  // namespace
}  // namespace switchboard
