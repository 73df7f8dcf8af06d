#include <gtest/gtest.h>

#include "support/memory_database.hpp"
#include "support/tenant_script.hpp"
#include "tenants/tenant_loop.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

constexpr TenantId tenant{1};

// The loop of a tenant with one agent of one slot, over a database in memory.
class StuckTest : public testing::Test {
protected:
    StuckTest() : loop_(tenant, {}) {
        me_.bytes[0] = 1;
        database_.configure(Script::state({{1, 1}}));
        database_.enlist(me_, {});
        submit({Script::agent(1), Connect{{Script::talk_id(99), 1}, {}, ""}});
        start(1);
        start(2);
        EXPECT_EQ(alarm_, std::nullopt);
    }

    void start(std::int64_t number) {
        StartConversation start{Script::talk_id(number),
                                SiteId{1},
                                Channel::chat,
                                Script::message_id(number, now_),
                                "hello"};
        submit({Script::visitor(number), start});
    }

    void submit(Command command) {
        loop_.accept({std::move(command), nullptr, 0, {}}, now_);
        run();
    }

    // Until the loop rests.
    void run() {
        for (;;) {
            const auto step = loop_.next(now_);
            if (auto alarm = loop_.take_alarm()) alarm_ = std::move(alarm);
            if (std::holds_alternative<TenantLoop::Wait>(step)) return;
            if (std::holds_alternative<TenantLoop::Take>(step))
                loop_.taken(database_.take(tenant, me_), now_);
            if (std::holds_alternative<TenantLoop::Load>(step))
                loop_.loaded(database_.load(tenant), now_);
            if (const auto* find = std::get_if<TenantLoop::Find>(&step))
                loop_.found(database_.find(tenant, find->look_up), now_);
            if (const auto* store = std::get_if<TenantLoop::Store>(&step))
                loop_.stored(database_.commit(me_, *store->batch), now_);
            if (std::holds_alternative<TenantLoop::CarryOut>(step)) loop_.carried_out(true);
            loop_.take_output();
        }
    }

    // The state as no command can make it.
    TenantMemory& planted() { return const_cast<TenantEngine&>(*loop_.engine()).memory(); }

    OpenTalk& talk(std::int64_t number) {
        return *planted().conversations.find(Script::talk_id(number));
    }

    // What is reported within a second of the next thing that happens.
    std::optional<std::string> reported() {
        submit({Script::visitor(7), ShowTyping{Script::talk_id(1)}});
        now_ += 1s;
        run();
        return alarm_;
    }

    MemoryDatabase database_;
    TenantLoop loop_;
    Incarnation me_;
    Time now_{std::chrono::milliseconds(1'700'000'000'000)};
    std::optional<std::string> alarm_;
};

TEST_F(StuckTest, ALiveTenantWithoutFaultReportsNothing) {
    EXPECT_EQ(reported(), std::nullopt);
    EXPECT_EQ(loop_.counts().stuck, 0);
}

TEST_F(StuckTest, SomebodyWhoWaitsBesideAnAssignableAgentIsReportedWithinASecond) {
    {
        Desk& desk = *planted().staff.find(AgentId{1});
        const Reseating reseating(planted().pools, desk);
        desk.seats.at(Channel::chat).limits.slots_max = 2;
    }
    ASSERT_TRUE(reported());
    EXPECT_NE(alarm_->find("waits although an agent is free"), std::string::npos);
    EXPECT_EQ(loop_.counts().stuck, 1);
}

TEST_F(StuckTest, SomebodyWhoWaitsBesideAFreeAgentWhomThePoolsForgotIsReported) {
    Desk& desk = *planted().staff.find(AgentId{1});
    planted().pools.take_out(desk);
    desk.seats.at(Channel::chat).limits.slots_max = 2;
    ASSERT_TRUE(reported());
    EXPECT_NE(alarm_->find("waits although an agent is free"), std::string::npos);
}

TEST_F(StuckTest, ASlotWithoutItsConversationIsReportedWithinASecond) {
    ++planted().staff.find(AgentId{1})->seats.at(Channel::chat).used;
    ASSERT_TRUE(reported());
    EXPECT_NE(alarm_->find("uses other slots than he has claims"), std::string::npos);
}

TEST_F(StuckTest, AnOpenConversationThatNobodyHasIsReportedWithinASecond) {
    planted().pools.remove_waiting(talk(2).open.conversation);
    ASSERT_TRUE(reported());
    EXPECT_NE(alarm_->find("1 conversations are queued and 1 have an agent, but 0 wait"),
              std::string::npos);
}

}  // namespace
}  // namespace switchboard
