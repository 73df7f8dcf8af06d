#include "gateway/pulse.hpp"

#include <gtest/gtest.h>

#include <deque>

namespace switchboard {
namespace {

struct Counter final : Pulse::Member {
    void tick(Time) override { ++ticks; }
    void go_away(const GoAway&, Time) override {}
    int ticks = 0;
};

void beat_for_a_second(Pulse& pulse) {
    for (std::size_t i = 0; i < Pulse::slices; ++i)
        pulse.beat(Time());
}

TEST(Pulse, TicksEveryMemberOnceASecond) {
    Pulse pulse;
    std::deque<Counter> members(100);
    for (auto& member : members)
        pulse.add(member);
    beat_for_a_second(pulse);
    for (auto& member : members)
        EXPECT_EQ(member.ticks, 1);
    EXPECT_EQ(pulse.size(), 100U);
}

TEST(Pulse, AFewAtATime) {
    Pulse pulse;
    std::deque<Counter> members(32);
    for (auto& member : members)
        pulse.add(member);
    pulse.beat(Time());
    int ticks = 0;
    for (auto& member : members)
        ticks += member.ticks;
    EXPECT_EQ(ticks, 2);
}

TEST(Pulse, WhoIsGoneIsNotTicked) {
    Pulse pulse;
    std::deque<Counter> members(40);
    for (auto& member : members)
        pulse.add(member);
    for (std::size_t i = 0; i < members.size(); i += 2)
        pulse.remove(members[i]);
    beat_for_a_second(pulse);
    for (std::size_t i = 0; i < members.size(); ++i)
        EXPECT_EQ(members[i].ticks, i % 2 == 0 ? 0 : 1) << i;
    for (std::size_t i = 1; i < members.size(); i += 2)
        pulse.remove(members[i]);
    EXPECT_EQ(pulse.size(), 0U);
}

}  // namespace
}  // namespace switchboard
