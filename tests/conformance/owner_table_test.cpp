#include "conformance/storage.hpp"
#include "support/await_result.hpp"

namespace switchboard {
namespace {

constexpr TenantId owned{1};
const Incarnation here = process(1);
const Incarnation other_process = process(2);

class OwnerTableOn : public OnStorage {
protected:
    void SetUp() override {
        OnStorage::SetUp();
        storage_->configure(seed_tenant(owned.value));
        ASSERT_TRUE(storage_->leases(here).enlist(std::nullopt));
        ASSERT_TRUE(storage_->leases(other_process).enlist(std::nullopt));
    }

    std::optional<Taken> take(Incarnation me, TenantId id = owned) {
        return await_result(storage_->owners(me).take(id)).value();
    }
    Released release(Incarnation me, std::int64_t epoch) {
        return await_result(storage_->owners(me).release(owned, epoch)).value();
    }
};

TEST_P(OwnerTableOn, GivesAFreeTenantWithTheFirstEpochAndItsLastPosition) {
    const auto taken = take(here);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->epoch, 1);
    EXPECT_EQ(taken->log_pos, 0);
    EXPECT_FALSE(taken->lineage.empty());
}

TEST_P(OwnerTableOn, GivesNothingOfATenantThatDoesNotExist) {
    EXPECT_FALSE(take(here, TenantId{99}));
    EXPECT_EQ(await_result(storage_->owners(here).release(TenantId{99}, 1)).value(),
              Released::not_owned);
}

TEST_P(OwnerTableOn, RefusesATenantThatALiveNodeOwns) {
    ASSERT_TRUE(take(here));
    EXPECT_FALSE(take(other_process));
}

TEST_P(OwnerTableOn, GivesItsOwnTenantAgainWithAHigherEpoch) {
    const auto first = take(here);
    const auto second = take(here);
    ASSERT_TRUE(first && second);
    EXPECT_EQ(second->epoch, first->epoch + 1);
    EXPECT_EQ(second->lineage, first->lineage);
    EXPECT_EQ(release(here, first->epoch), Released::not_owned);
    EXPECT_EQ(release(here, second->epoch), Released::yes);
}

TEST_P(OwnerTableOn, GivesTheTenantOfADeadNode) {
    ASSERT_TRUE(take(here));
    storage_->expire(here);
    const auto taken = take(other_process);
    ASSERT_TRUE(taken);
    EXPECT_EQ(taken->epoch, 2);
    EXPECT_EQ(release(here, 1), Released::not_owned);
    EXPECT_EQ(release(other_process, 1), Released::not_owned);
    EXPECT_EQ(release(here, 2), Released::not_owned);
}

TEST_P(OwnerTableOn, GivesWhatWasReleasedToAnybody) {
    const auto taken = take(here);
    ASSERT_TRUE(taken);
    EXPECT_EQ(release(here, taken->epoch), Released::yes);
    EXPECT_EQ(release(here, taken->epoch), Released::not_owned);
    const auto next = take(other_process);
    ASSERT_TRUE(next);
    EXPECT_EQ(next->epoch, taken->epoch + 1);
}

TEST_P(OwnerTableOn, GivesNothingToANodeWhoseLeaseRanOut) {
    storage_->expire(here);
    EXPECT_FALSE(take(here));
    EXPECT_FALSE(take(process(3)));
}

TEST_P(OwnerTableOn, RenewsALeaseOnlyWhileItLives) {
    LeaseTable& lease = storage_->leases(here);
    EXPECT_EQ(lease.renew().value(), Renewed::yes);
    storage_->expire(here);
    EXPECT_EQ(lease.renew().value(), Renewed::expired);
    EXPECT_EQ(storage_->leases(process(3)).renew().value(), Renewed::expired);
}

TEST_P(OwnerTableOn, EnlistsAgainAfterALeaseRanOut) {
    ASSERT_TRUE(take(here));
    storage_->expire(here);
    ASSERT_TRUE(storage_->leases(here).enlist(std::nullopt));
    EXPECT_EQ(storage_->leases(here).renew().value(), Renewed::yes);
    EXPECT_FALSE(take(other_process));
    EXPECT_TRUE(take(here));
}

TEST_P(OwnerTableOn, DeclaresThePredecessorDead) {
    ASSERT_TRUE(take(here));
    const Incarnation successor = process(3);
    ASSERT_TRUE(storage_->leases(successor).enlist(here));
    EXPECT_EQ(storage_->leases(here).renew().value(), Renewed::expired);
    EXPECT_TRUE(take(successor));
}

TEST_P(OwnerTableOn, OutlivesBeingItsOwnPredecessor) {
    ASSERT_TRUE(storage_->leases(here).enlist(here));
    EXPECT_EQ(storage_->leases(here).renew().value(), Renewed::yes);
    EXPECT_TRUE(take(here));
}

SWITCHBOARD_ON_EVERY_STORAGE(OwnerTableOn);

}  // namespace
}  // namespace switchboard
