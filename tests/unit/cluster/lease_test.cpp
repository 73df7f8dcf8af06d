#include "cluster/lease.hpp"

#include <gtest/gtest.h>

#include "support/memory_ports.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

TEST(LeaseRule, HoldsForLessThanTheTtlAfterTheRenewalWasSent) {
    LeaseRule rule;
    EXPECT_EQ(rule.term(1s), 0) << "never enlisted";
    rule.enlisted(10s);
    EXPECT_EQ(rule.term(14s + 499ms), 1);
    EXPECT_EQ(rule.term(14s + 500ms), 0) << "1.5 s before others may take over";
    rule.renewed(12s);
    EXPECT_EQ(rule.term(16s), 1);
}

TEST(LeaseRule, BeginsANewTermWheneverTheLeaseWasLost) {
    LeaseRule rule;
    rule.enlisted(10s);
    rule.enlisted(30s);
    EXPECT_EQ(rule.term(31s), 2);
}

TEST(LeaseRule, DoesNotRenewWhileALoopOrTheWriterHangs) {
    EXPECT_TRUE(LeaseRule::may_renew({1999ms, 4999ms}));
    EXPECT_FALSE(LeaseRule::may_renew({2000ms, 0s}));
    EXPECT_FALSE(LeaseRule::may_renew({0s, 5000ms}));
}

TEST(LeaseKeeper, EnlistsAtStartAndLetsItsPredecessorExpire) {
    MemoryDatabase database;
    TenantState state;
    state.id = TenantId{1};
    database.configure(state);
    Incarnation before{};
    before.bytes[0] = 1;
    Incarnation me{};
    me.bytes[0] = 2;
    database.enlist(before, {});
    ASSERT_TRUE(database.take(TenantId{1}, before));

    MemoryLeaseTable table(database, me);
    LeaseKeeper keeper(table, before, [] { return LeaseRule::Health(); });
    ASSERT_TRUE(keeper.wait_until_held(5s));
    EXPECT_EQ(keeper.term(), 1);
    EXPECT_TRUE(database.take(TenantId{1}, me)) << "the predecessor counts as dead at once (A35)";
}

}  // namespace
}  // namespace switchboard
