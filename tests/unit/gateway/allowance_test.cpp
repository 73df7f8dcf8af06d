#include "gateway/allowance.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

const Time start{std::chrono::hours(1)};

TEST(Allowance, AVisitorSendsTenAtOnceFiveASecondAndSixtyAMinute) {
    const RateSettings rates;
    Allowance allowance;
    int sent = 0;
    int sent_at_once = 0;
    for (auto now = start; now < start + 1min; now += 10ms) {
        if (allowance.take_message(rates, now).is_allowed()) ++sent;
        if (now == start) {
            while (allowance.take_message(rates, now).is_allowed())
                ++sent_at_once;
        }
    }
    EXPECT_EQ(sent_at_once + 1, 10);
    EXPECT_GE(sent + sent_at_once, 60);
    EXPECT_LE(sent + sent_at_once, 60 + 60) << "the burst of a minute and what it regains";
}

TEST(Allowance, ThirdSecondWithARefusalIsTheLastStrike) {
    RateSettings rates;
    rates.commands = {10s, 1};
    Allowance allowance;
    EXPECT_TRUE(allowance.take_command(rates, start).is_allowed());
    for (int i = 0; i < 20; ++i) {
        const auto verdict = allowance.take_command(rates, start);
        EXPECT_FALSE(verdict.is_allowed());
        EXPECT_FALSE(verdict.is_last_strike) << "what was under way counts as one";
        EXPECT_EQ(verdict.retry_after, 10s);
    }
    EXPECT_FALSE(allowance.take_command(rates, start + 1s).is_last_strike);
    EXPECT_TRUE(allowance.take_command(rates, start + 2s).is_last_strike);
}

TEST(Allowance, StrikesExpire) {
    RateSettings rates;
    rates.commands = {10min, 1};
    Allowance allowance;
    allowance.take_command(rates, start);
    for (auto now = start; now < start + 8min; now += 61s)
        EXPECT_FALSE(allowance.take_command(rates, now).is_last_strike);
}

TEST(Allowance, TypingIsDroppedWithoutAStrike) {
    const RateSettings rates;
    Allowance allowance;
    EXPECT_TRUE(allowance.take_typing(rates, start));
    EXPECT_TRUE(allowance.take_typing(rates, start));
    for (int i = 0; i < 20; ++i)
        EXPECT_FALSE(allowance.take_typing(rates, start + i * 10ms));
    EXPECT_TRUE(allowance.take_command(rates, start).is_allowed());
}

TEST(Allowance, AnAgentHasNoLimitOfMessagesBesideThatOfCommands) {
    const auto rates = agent_rates();
    Allowance allowance;
    for (int i = 0; i < 40; ++i)
        EXPECT_TRUE(allowance.take_message(rates, start).is_allowed());
    EXPECT_FALSE(allowance.take_message(rates, start).is_allowed());
    EXPECT_TRUE(allowance.take_message(rates, start + 50ms).is_allowed());
}

TEST(Allowance, IsIdleWhenThePastPlaysNoPart) {
    const RateSettings rates;
    Allowance allowance;
    EXPECT_TRUE(allowance.is_idle(start));
    allowance.take_message(rates, start);
    EXPECT_FALSE(allowance.is_idle(start));
    EXPECT_TRUE(allowance.is_idle(start + 61s));
}

}  // namespace
}  // namespace switchboard
