#include "integration/postgres/write_path.hpp"

namespace switchboard {
namespace {

class OwnershipTest : public WritePath {};

TEST_F(OwnershipTest, TheLineageNamesTheDatabaseAndItsTimeline) {
    Writer writer = add_tenant();
    PostgresOwnerTable owners(pool_, me_);
    const auto taken = await_result(owners.take(writer.tenant()));
    ASSERT_TRUE(taken && *taken);
    EXPECT_EQ((*taken)->lineage.substr((*taken)->lineage.size() - 9), "-00000001");
}

TEST_F(OwnershipTest, ATenantOfANewerVersionIsNotTaken) {
    Writer writer = add_tenant();
    number("UPDATE tenant_owner SET min_reader_version = 99, holder = NULL RETURNING 1");
    EXPECT_EQ(take(writer.tenant(), me_), 0);
}

TEST_F(OwnershipTest, TakingALockedTenantFailsAndEndsWhatItsDeadHolderStillDoes) {
    Writer writer = add_tenant();
    number("UPDATE node SET expires_at = '-infinity' RETURNING 1");
    const Incarnation successor = process(2);
    PostgresLeaseTable lease(database_, successor, "successor");
    ASSERT_TRUE(lease.enlist(std::nullopt));

    // The dead holder's statement still has the lock.
    const auto log = this->log(database_);
    const Batch batch = writer.start_conversation().entry().batch();
    pqxx::connection other(database_);
    pqxx::work lock(other);
    lock.exec("LOCK TABLE entry IN SHARE MODE");
    const auto commit = commit_later(*log, batch);
    await_lock_waits(1);

    PostgresOwnerTable owners(pool_, successor);
    const auto first = await_result(owners.take(writer.tenant()));
    EXPECT_FALSE(first);
    while (take(writer.tenant(), successor) == 0) {
    }
    lock.commit();
}

TEST_F(OwnershipTest, AClockThatWentBackCountsAsExpired) {
    Writer writer = add_tenant();
    PostgresLeaseTable lease(database_, process(2), "successor");
    ASSERT_TRUE(lease.enlist(std::nullopt));
    EXPECT_EQ(take(writer.tenant(), process(2)), 0);
    number(
        "UPDATE node SET expires_at = clock_timestamp() + '1 hour' WHERE name = 'writer'"
        " RETURNING 1");
    EXPECT_GT(take(writer.tenant(), process(2)), 0);
}

TEST_F(OwnershipTest, ALostDatabaseIsAnErrorNotAnAnswer) {
    PostgresLeaseTable lease("host=/nowhere user=nobody", me_, "writer");
    EXPECT_TRUE(lease.enlist(std::nullopt).has_error());
    EXPECT_TRUE(lease.renew().has_error());
    ConnectionPool pool({"host=/nowhere user=nobody", 1});
    PostgresOwnerTable owners(pool, me_);
    EXPECT_TRUE(await_result(owners.take(TenantId{1})).has_error());
    EXPECT_TRUE(await_result(owners.release(TenantId{1}, 1)).has_error());
}

}  // namespace
}  // namespace switchboard
