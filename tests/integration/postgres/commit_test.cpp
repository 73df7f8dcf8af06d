#include <pqxx/pqxx>

#include "integration/postgres/write_path.hpp"

namespace switchboard {
namespace {

// What only the real log does: many tenants in one statement, and what the tables refuse.
class CommitTest : public WritePath {
protected:
    // Batches given to commit() together ride in one statement: the lane is held up meanwhile by
    // the lock of a tenant of which it has a batch in flight.
    std::vector<Commit> commit_in_one(PostgresTenantLog& log, const std::vector<Batch>& batches);

    std::int64_t slots_used(TenantId tenant, AgentId agent) {
        return number(
            "SELECT active FROM agent_channel WHERE tenant_id = " + std::to_string(tenant.value) +
            " AND agent_id = " + std::to_string(agent.value));
    }
};

std::vector<Commit> CommitTest::commit_in_one(PostgresTenantLog& log,
                                              const std::vector<Batch>& batches) {
    Writer holder = add_tenant();
    const Batch first = holder.start_conversation().entry().batch();

    pqxx::connection other(database_);
    std::future<Commit> held;
    std::vector<std::future<Commit>> futures;
    {
        pqxx::work lock(other);
        lock.exec("LOCK TABLE entry IN SHARE MODE");
        held = commit_later(log, first);
        await_lock_waits(1);
        for (const Batch& batch : batches)
            futures.push_back(commit_later(log, batch));
        await_begun();
    }
    EXPECT_EQ(held.get(), Commit::stored);
    std::vector<Commit> commits;
    for (auto& future : futures)
        commits.push_back(future.get());
    return commits;
}

TEST_F(CommitTest, BatchesOfManyTenantsRideInOneStatement) {
    const auto log = this->log(database_);
    std::vector<Batch> batches;
    for (int i = 0; i < 20; ++i)
        batches.push_back(add_tenant().start_conversation().entry().batch());

    const auto commits = commit_in_one(*log, batches);
    EXPECT_EQ(commits, std::vector<Commit>(20, Commit::stored));
    EXPECT_EQ(log->counters().statements, 2u);  // the one that held up the lane, and this one
    EXPECT_EQ(log->counters().entries, 21u);
    EXPECT_EQ(number("SELECT count(*) FROM entry"), 21);
    EXPECT_EQ(log->oldest_in_flight().count(), 0);
}

TEST_F(CommitTest, AStatementEndsAtItsBounds) {
    PostgresTenantLog::Settings settings;
    settings.connection = database_;
    settings.incarnation = me_;
    settings.records_max = 6;  // a conversation with an entry is three
    PostgresTenantLog log(settings);
    std::vector<Batch> batches;
    for (int i = 0; i < 7; ++i)
        batches.push_back(add_tenant().start_conversation().entry().batch());

    EXPECT_EQ(commit_in_one(log, batches), std::vector<Commit>(7, Commit::stored));
    EXPECT_EQ(log.counters().statements, 1u + 4u);
}

TEST_F(CommitTest, APoisonValueHarmsOnlyItsOwnBatch) {
    const auto log = this->log(database_);
    const std::string not_utf8 = "caf\xe9";
    std::vector<Batch> batches;
    for (int i = 0; i < 3; ++i) {
        batches.push_back(add_tenant().start_conversation().entry().batch());
        batches.push_back(add_tenant().start_conversation().entry(not_utf8).batch());
    }

    using enum Commit;
    EXPECT_EQ(commit_in_one(*log, batches),
              (std::vector<Commit>{stored, refused, stored, refused, stored, refused}));
    EXPECT_EQ(log->counters().split, 1u);
    EXPECT_EQ(log->counters().refused, 3u);
    EXPECT_EQ(number("SELECT count(*) FROM entry"), 4);
}

TEST_F(CommitTest, AFencedAndALockedTenantDelayNobodyInTheirStatement) {
    const auto log = this->log(database_);
    Writer fenced = add_tenant();
    Writer locked = add_tenant();
    Writer good = add_tenant();
    const Batch of_fenced = fenced.start_conversation().entry().batch();
    const Batch of_locked = locked.start_conversation().entry().batch();
    const Batch of_good = good.start_conversation().entry().batch();
    take(fenced.tenant(), me_);  // raises the epoch

    pqxx::connection other(database_);
    std::future<Commit> waits;
    {
        pqxx::work lock(other);
        lock.exec_params("SELECT FROM tenant_owner WHERE tenant_id = $1 FOR UPDATE",
                         locked.tenant().value);
        waits = commit_later(*log, of_locked);
        EXPECT_EQ(commit(*log, {of_fenced, of_good}),
                  (std::vector<Commit>{Commit::fenced, Commit::stored}));
        await_lock_waits(1);
    }
    EXPECT_EQ(waits.get(), Commit::stored);
    EXPECT_EQ(log->counters().locked, 1u);
    EXPECT_EQ(log->counters().fenced, 1u);
}

TEST_F(CommitTest, ATenantThatIsLockedForLongIsTriedAgainAndAgain) {
    const auto log = this->log(database_, std::chrono::milliseconds(150));
    Writer writer = add_tenant();
    const Batch batch = writer.start_conversation().entry().batch();

    pqxx::connection other(database_);
    std::future<Commit> waits;
    {
        pqxx::work lock(other);
        lock.exec_params("SELECT FROM tenant_owner WHERE tenant_id = $1 FOR UPDATE",
                         writer.tenant().value);
        waits = commit_later(*log, batch);
        while (log->counters().errors[10] + log->counters().in_doubt < 2)
            std::this_thread::yield();
    }
    EXPECT_EQ(waits.get(), Commit::stored);
    EXPECT_EQ(number("SELECT count(*) FROM entry"), 1);
}

TEST_F(CommitTest, AnAssignmentAndItsReleaseInOneBatchLeaveTheSlotFree) {
    const auto log = this->log(database_);
    Writer writer = add_tenant();
    const Batch batch = writer.start_conversation().claim(ann).release().claim(bob).batch();

    EXPECT_EQ(commit(*log, batch), Commit::stored);
    EXPECT_EQ(slots_used(writer.tenant(), ann), 0);
    EXPECT_EQ(slots_used(writer.tenant(), bob), 1);
    EXPECT_EQ(number("SELECT count(*) FROM claim WHERE to_pos IS NULL"), 1);
    EXPECT_EQ(number("SELECT idle_pos FROM agent_channel WHERE agent_id = 11"), 4);
}

TEST_F(CommitTest, AMessageAndThenATransferInOneBatchPassTheRuleOfOneAgent) {
    const auto log = this->log(database_);
    Writer writer = add_tenant();
    ASSERT_EQ(commit(*log, writer.start_conversation().claim(ann).batch()), Commit::stored);

    EXPECT_EQ(commit(*log, writer.entry("please").release().claim(bob).batch()), Commit::stored);
    EXPECT_EQ(slots_used(writer.tenant(), ann), 0);
    EXPECT_EQ(slots_used(writer.tenant(), bob), 1);
    EXPECT_EQ(number("SELECT agent_id FROM claim WHERE to_pos IS NULL"), bob.value);
}

TEST_F(CommitTest, ASecondAgentForAConversationDiverges) {
    const auto log = this->log(database_);
    Writer writer = add_tenant();
    ASSERT_EQ(commit(*log, writer.start_conversation().claim(ann).batch()), Commit::stored);

    EXPECT_EQ(commit(*log, writer.claim(bob).batch()), Commit::diverged);
    EXPECT_EQ(slots_used(writer.tenant(), bob), 0);
}

TEST_F(CommitTest, AClientIdThatIsStoredIsADuplicate) {
    const auto log = this->log(database_);
    Writer writer = add_tenant();
    ASSERT_EQ(commit(*log, writer.start_conversation().entry_as(message_id(7)).batch()),
              Commit::stored);

    EXPECT_EQ(commit(*log, writer.entry_as(message_id(7)).batch()), Commit::duplicate);
    EXPECT_EQ(log->counters().duplicate, 1u);
}

TEST_F(CommitTest, AClientIdTwiceInOneBatchDiverges) {
    const auto log = this->log(database_);
    Writer writer = add_tenant();
    const Batch batch =
        writer.start_conversation().entry_as(message_id(7)).entry_as(message_id(7)).batch();

    EXPECT_EQ(commit(*log, batch), Commit::diverged);
}

TEST_F(CommitTest, C3_AFullAgentIsRefusedByTheTables) {
    const auto log = this->log(database_);
    Writer writer = add_tenant(1);
    ASSERT_EQ(commit(*log, writer.start_conversation().claim(ann).batch()), Commit::stored);
    Writer next = writer;

    EXPECT_EQ(commit(*log, writer.start_conversation().claim(ann).batch()), Commit::diverged);
    EXPECT_EQ(log->counters().errors[1], 1u);  // SB003
    EXPECT_EQ(commit(*log, next.start_conversation().claim(bob).batch()), Commit::stored);
}

TEST_F(CommitTest, OfSeveralLimitsInABatchTheHighestHoldsWithinAndTheLastAfterIt) {
    const auto log = this->log(database_);
    Writer writer = add_tenant(1);
    const Batch batch = writer.limits(ann, 2)
                            .start_conversation()
                            .claim(ann)
                            .start_conversation()
                            .claim(ann)
                            .limits(ann, 1)
                            .batch();

    EXPECT_EQ(commit(*log, batch), Commit::stored);
    EXPECT_EQ(slots_used(writer.tenant(), ann), 2);
    EXPECT_EQ(number("SELECT slots_max FROM agent_channel WHERE agent_id = 11"), 1);
}

TEST_F(CommitTest, K9_PointersAloneTakeNoPositionAndOnlyGrow) {
    const auto log = this->log(database_);
    Writer writer = add_tenant();
    ASSERT_EQ(commit(*log, writer.start_conversation().entry().entry().batch()), Commit::stored);
    const Batch batch = writer.point(2, 1).point(1, 1).batch();
    ASSERT_EQ(batch.positions, 0);

    EXPECT_EQ(commit(*log, batch), Commit::stored);
    EXPECT_EQ(commit(*log, batch), Commit::stored);  // again, as after a lost answer
    EXPECT_EQ(number("SELECT delivered_seq FROM pointer"), 2);
    EXPECT_EQ(number("SELECT log_pos FROM tenant_owner"), writer.pos());
}

TEST_F(CommitTest, AStoppedLogAnswersAtOnce) {
    const auto log = this->log(database_);
    const Batch batch = add_tenant().start_conversation().entry().batch();
    log->stop();
    EXPECT_EQ(commit(*log, batch), Commit::stopped);
}

// The plans are made while the tables are empty, and one that then reads the wrong index, or no
// index, costs more with every entry: it would touch thousands of pages for one.
TEST_F(CommitTest, FromEmptyTablesToFiftyThousandEntriesAnEntryTouchesFewPages) {
    constexpr int entries = 50'000;
    auto log = this->log(database_);
    Writer writer = add_tenant();
    for (int stored = 0; stored < entries; stored += 100) {
        writer.start_conversation().claim(ann);
        for (int i = 0; i < 100; ++i)
            writer.entry();
        ASSERT_EQ(commit(*log, writer.point(100, 50).release().batch()), Commit::stored);
    }
    EXPECT_EQ(commit(*log, Writer(writer).entry_as(message_id(entries)).batch()),
              Commit::duplicate);
    log.reset();  // The counts of a connection are published when it ends.

    await_number(
        "SELECT (n_tup_ins >= 50000)::int FROM pg_stat_user_tables WHERE relname = 'entry'", 1);
    EXPECT_LE(number("SELECT sum(heap_blks_hit + heap_blks_read + idx_blks_hit + idx_blks_read)"
                     " FROM pg_statio_user_tables"),
              30 * entries);
    EXPECT_LE(number("SELECT sum(seq_tup_read) FROM pg_stat_user_tables"), entries / 100);
}

}  // namespace
}  // namespace switchboard
