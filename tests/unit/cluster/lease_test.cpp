#include "cluster/lease.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <vector>

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
    LeaseKeeper keeper(table, {before, [] { return LeaseRule::Health(); }});
    ASSERT_TRUE(keeper.wait_until_held(5s));
    EXPECT_EQ(keeper.term(), 1);
    EXPECT_TRUE(database.take(TenantId{1}, me)) << "the predecessor counts as dead at once (A35)";
}

// A database that answers as told, and what the keeper said of it.
class LeaseNewsTest : public testing::Test, public LeaseTable {
protected:
    Result<void> enlist(std::optional<Incarnation>) override {
        if (!reachable_) return make_error_code(boost::system::errc::connection_refused);
        return {};
    }

    Result<Renewed> renew() override {
        if (!reachable_) return make_error_code(boost::system::errc::connection_refused);
        return expired_.exchange(false) ? Renewed::expired : Renewed::yes;
    }

    // Blocks until it was said so often.
    void await(LeaseNews news, int times) {
        std::unique_lock lock(mutex_);
        const auto said = [&] { return std::count(told_.begin(), told_.end(), news) >= times; };
        EXPECT_TRUE(changed_.wait_for(lock, 30s, said));
    }

    std::atomic<bool> reachable_{true};
    std::atomic<bool> expired_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<LeaseNews> told_;
};

TEST_F(LeaseNewsTest, IsToldOncePerChangeAndTheLeaseIsSoonHeldAgain) {
    LeaseKeeper keeper(*this,
                       {{},
                        [] { return LeaseRule::Health(); },
                        [this](LeaseNews news) {
                            const std::lock_guard lock(mutex_);
                            told_.push_back(news);
                            changed_.notify_all();
                        },
                        1ms,
                        1ms});
    await(LeaseNews::held, 1);
    reachable_ = false;
    await(LeaseNews::late, 1);
    EXPECT_EQ(keeper.term(), 1) << "it is held for a while yet";
    reachable_ = true;
    await(LeaseNews::held, 2);
    expired_ = true;
    await(LeaseNews::held, 3);
    EXPECT_EQ(keeper.losses(), 1);
    EXPECT_EQ(keeper.term(), 2);
    const std::lock_guard lock(mutex_);
    const std::vector expected{
        LeaseNews::held, LeaseNews::late, LeaseNews::held, LeaseNews::late, LeaseNews::held};
    EXPECT_EQ(told_, expected);
}

}  // namespace
}  // namespace switchboard
