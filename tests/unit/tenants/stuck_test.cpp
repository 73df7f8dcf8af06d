#include <gtest/gtest.h>

#include "support/looped_tenant.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

// A tenant with one agent of one slot, who is taken; a second visitor waits.
class StuckTest : public testing::Test {
protected:
    StuckTest() {
        tenant_.submit({Script::agent(1), Connect{{Script::talk_id(99), 1}, {}, ""}});
        tenant_.start(1);
        tenant_.start(2);
        EXPECT_EQ(tenant_.alarm, std::nullopt);
    }

    // The state as no command can make it.
    TenantMemory& planted() { return const_cast<TenantEngine&>(*tenant_.loop.engine()).memory(); }

    OpenTalk& talk(std::int64_t number) {
        return *planted().conversations.find(Script::talk_id(number));
    }

    // What is reported within a second of the next thing that happens.
    std::optional<std::string> reported() {
        tenant_.submit({Script::visitor(7), ShowTyping{Script::talk_id(1)}});
        tenant_.now += 1s;
        tenant_.run();
        return tenant_.alarm;
    }

    LoopedTenant tenant_{Script::state({{1, 1}})};
};

TEST_F(StuckTest, ALiveTenantWithoutFaultReportsNothing) {
    EXPECT_EQ(reported(), std::nullopt);
    EXPECT_EQ(tenant_.loop.counts().stuck, 0);
}

TEST_F(StuckTest, SomebodyWhoWaitsBesideAnAssignableAgentIsReportedWithinASecond) {
    {
        Desk& desk = *planted().staff.find(AgentId{1});
        const Reseating reseating(planted().pools, desk);
        desk.seats.at(Channel::chat).limits.slots_max = 2;
    }
    ASSERT_TRUE(reported());
    EXPECT_EQ(tenant_.alarm->substr(0, tenant_.alarm->find("ticket")),
              "conversation 11 waits although an agent is free; "
              "conversation 11 {state 1, site 1, channel 1, ");
    EXPECT_NE(tenant_.alarm->find("; agent 1 {enabled 1, attendance 1, connected 1, channel 1: "
                                  "enabled 1, used 1 of 2, wrapping up 0, intent 1, holds 4, "
                                  "wrap-ups}"),
              std::string::npos)
        << *tenant_.alarm;
    EXPECT_EQ(tenant_.loop.counts().stuck, 1);
}

TEST_F(StuckTest, SomebodyWhoWaitsBesideAFreeAgentWhomThePoolsForgotIsReported) {
    Desk& desk = *planted().staff.find(AgentId{1});
    planted().pools.take_out(desk);
    desk.seats.at(Channel::chat).limits.slots_max = 2;
    ASSERT_TRUE(reported());
    EXPECT_NE(tenant_.alarm->find("waits although an agent is free"), std::string::npos);
}

TEST_F(StuckTest, ASlotWithoutItsConversationIsReportedWithinASecond) {
    ++planted().staff.find(AgentId{1})->seats.at(Channel::chat).used;
    ASSERT_TRUE(reported());
    EXPECT_NE(tenant_.alarm->find("uses other slots than he has claims"), std::string::npos);
}

TEST_F(StuckTest, AnOpenConversationThatNobodyHasIsReportedWithinASecond) {
    planted().pools.remove_waiting(talk(2).open.conversation);
    ASSERT_TRUE(reported());
    EXPECT_NE(tenant_.alarm->find("1 conversations are queued and 1 have an agent, but 0 wait"),
              std::string::npos);
}

}  // namespace
}  // namespace switchboard
