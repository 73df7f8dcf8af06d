#include "conformance/on_tenant_log.hpp"

namespace switchboard {
namespace {

// Limits over all channels (C2), and slots that are held after the end (C6).
class CapacityOn : public OnTenantLog {
protected:
    static TotalLimitRecord total(AgentId agent, int total_max) { return {0, agent, total_max}; }

    static ClaimRecord on_messaging(ClaimRecord claim) {
        claim.channel = Channel::messaging;
        return claim;
    }

    // Bob with room for 2 on chat and 3 on messaging.
    TenantWriter writer_of_bob(int total_max) {
        auto writer = this->writer();
        auto messaging = limit(bob, 3, 5);
        messaging.channel = Channel::messaging;
        EXPECT_EQ(writer.commit({messaging, total(bob, total_max)}), Commit::stored);
        return writer;
    }
};

TEST_P(CapacityOn, LoadsALimitWithItsWrapUp) {
    auto writer = this->writer();
    auto set = limit(ann, 4, 6);
    set.enabled = false;
    set.wrap_up = std::chrono::seconds(90);
    ASSERT_EQ(writer.commit({set}), Commit::stored);
    AgentChannel expected;
    expected.enabled = false;
    expected.slots_max = 4;
    expected.slots_hard_max = 6;
    expected.wrap_up = std::chrono::seconds(90);
    EXPECT_EQ(agent(ann).channels, std::vector{expected});
}

TEST_P(CapacityOn, C3_DivergesWhenAnAgentIsAboveHisTotal) {
    auto writer = writer_of_bob(2);
    EXPECT_EQ(agent(bob).total_max, 2);
    const auto first = writer.assign(bob, writer.start(1));
    const auto second = writer.start(2);
    ASSERT_EQ(writer.commit({on_messaging(claim(bob, second, Admission::new_work))}),
              Commit::stored);
    const auto third = writer.start(3);
    EXPECT_EQ(writer.commit({on_messaging(claim(bob, third, Admission::new_work))}),
              Commit::diverged);
    EXPECT_EQ(writer.commit({claim(bob, third, Admission::new_work)}), Commit::diverged);
    EXPECT_EQ(writer.commit({released(first), claim(bob, third, Admission::new_work)}),
              Commit::stored);
}

TEST_P(CapacityOn, DivergesWhenReturningWorkIsAboveTheTotal) {
    auto writer = writer_of_bob(1);
    writer.assign(bob, writer.start(1));
    const auto second = writer.start(2);
    EXPECT_EQ(writer.commit({on_messaging(claim(bob, second, Admission::returning))}),
              Commit::diverged);
    EXPECT_EQ(
        writer.commit({total(bob, 2), on_messaging(claim(bob, second, Admission::returning))}),
        Commit::stored);
}

TEST_P(CapacityOn, CountsWhatIsOpenWhenATotalIsSet) {
    auto writer = writer_of_bob(0);
    const auto held = writer.assign(bob, writer.start(1));
    const auto second = writer.start(2);
    const auto third = writer.start(3);
    ASSERT_EQ(writer.commit({on_messaging(claim(bob, second, Admission::new_work))}),
              Commit::stored);
    ASSERT_EQ(writer.commit({total(bob, 2)}), Commit::stored);
    EXPECT_EQ(writer.commit({on_messaging(claim(bob, third, Admission::new_work))}),
              Commit::diverged);
    ASSERT_EQ(writer.commit({released(held)}), Commit::stored);
    EXPECT_EQ(writer.commit({on_messaging(claim(bob, third, Admission::new_work))}),
              Commit::stored);
}

TEST_P(CapacityOn, TakesNothingAwayWhenATotalIsLoweredAndLetsNothingInUntilBelowIt) {
    auto writer = writer_of_bob(3);
    const auto first = writer.assign(bob, writer.start(1));
    const auto second = writer.assign(bob, writer.start(2));
    ASSERT_EQ(writer.commit({total(bob, 1)}), Commit::stored);
    EXPECT_EQ(load().claims.size(), 2U);
    const auto third = writer.start(3);
    EXPECT_EQ(writer.commit({released(first), claim(bob, third, Admission::new_work)}),
              Commit::diverged);
    EXPECT_EQ(
        writer.commit({released(first), released(second), claim(bob, third, Admission::new_work)}),
        Commit::stored);
}

TEST_P(CapacityOn, LetsTheHighestTotalOfABatchHoldWithinIt) {
    auto writer = writer_of_bob(1);
    writer.assign(bob, writer.start(1));
    const auto second = writer.start(2);
    const auto third = writer.start(3);
    ASSERT_EQ(
        writer.commit({total(bob, 2), claim(bob, second, Admission::new_work), total(bob, 1)}),
        Commit::stored);
    EXPECT_EQ(agent(bob).total_max, 1);
    const auto on_third = on_messaging(claim(bob, third, Admission::new_work));
    EXPECT_EQ(writer.commit({on_third}), Commit::diverged);
    EXPECT_EQ(writer.commit({total(bob, 0), on_third, total(bob, 2)}), Commit::stored);
    EXPECT_EQ(agent(bob).total_max, 2);
    const auto fourth = on_messaging(claim(bob, writer.start(4), Admission::new_work));
    EXPECT_EQ(writer.commit({fourth}), Commit::diverged);
    EXPECT_EQ(writer.commit({total(bob, 0), fourth}), Commit::stored);
    EXPECT_EQ(agent(bob).total_max, 0);
}

TEST_P(CapacityOn, RefusesATotalBelowNone) {
    auto writer = this->writer();
    EXPECT_EQ(writer.commit({total(ann, -1)}), Commit::refused);
}

TEST_P(CapacityOn, KeepsTheSlotOfAWrapUpUntilItIsReleased) {
    auto writer = this->writer();
    const auto held = writer.assign(ann, writer.start(1));
    auto wrapping = writer.batch({wrapped_up(held, noon)});
    ASSERT_EQ(writer.commit(wrapping), Commit::stored);

    OpenClaim expected;
    expected.id = held.id;
    expected.agent = ann;
    expected.conversation = held.conversation;
    expected.wrap_up_pos = writer.pos();
    expected.wrap_up_until = noon;
    EXPECT_EQ(load().claims, std::vector{expected});
    const auto second = writer.start(2);
    EXPECT_EQ(writer.commit({claim(ann, second, Admission::new_work)}), Commit::diverged);

    const auto& known = std::get<ClaimRecord>(wrapping.records.front());
    ASSERT_EQ(writer.commit({released(known)}), Commit::stored);
    EXPECT_TRUE(load().claims.empty());
    EXPECT_EQ(agent(ann).idle_pos, writer.pos());
    EXPECT_EQ(writer.commit({claim(ann, second, Admission::new_work)}), Commit::stored);
}

TEST_P(CapacityOn, LetsAnotherAgentHaveAConversationThatOneWrapsUp) {
    auto writer = this->writer();
    const auto id = writer.start(1);
    const auto held = writer.assign(ann, id);
    EXPECT_EQ(writer.commit({wrapped_up(held, noon), claim(bob, id, Admission::new_work)}),
              Commit::stored);
    EXPECT_EQ(load().claims.size(), 2U);
}

SWITCHBOARD_ON_EVERY_STORAGE(CapacityOn);

}  // namespace
}  // namespace switchboard
