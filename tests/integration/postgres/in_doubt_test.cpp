#include <csignal>
#include <thread>

#include "integration/postgres/write_path.hpp"
#include "support/byte_proxy.hpp"

namespace switchboard {
namespace {

// The answer to a commit is lost, at each point where it can be. The log must find out by itself
// what became of it: the caller sees only a commit that takes longer.
class InDoubtTest : public WritePath {
protected:
    // A batch that is stored, so that the connection through the proxy is up.
    void warm_up(PostgresTenantLog& log) {
        ASSERT_EQ(commit(log, writer_.start_conversation().entry().batch()), Commit::stored);
    }

    std::int64_t stored_entries() { return number("SELECT count(*) FROM entry"); }

    void sql_exec(const std::string& statement) {
        pqxx::nontransaction session(sql_);
        session.exec(statement);
    }

    // Waits until it is so; false after ten seconds.
    template <class Condition>
    static bool becomes(const Condition& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition() && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        return condition();
    }

    ByteProxy proxy_{database_};
    Writer writer_ = add_tenant();
};

TEST_F(InDoubtTest, AQueryThatNeverArrivedIsStoredByTheRepetition) {
    const auto log = this->log(proxy_.connection());
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    proxy_.hold_requests();
    auto commit = commit_later(*log, batch);
    proxy_.await_held();
    proxy_.cut(false);

    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(log->counters().in_doubt, 1u);
    EXPECT_EQ(log->counters().in_doubt_was_not, 1u);
    EXPECT_EQ(stored_entries(), 2);

    proxy_.deliver();  // The first one comes late, and finds the fence behind it.
    ASSERT_EQ(this->commit(*log, writer_.entry().batch()), Commit::stored);
    EXPECT_EQ(stored_entries(), 3);
}

TEST_F(InDoubtTest, AStatementThatStillWaitsForALockIsWaitedFor) {
    const auto log = this->log(proxy_.connection());
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    pqxx::connection other(database_);
    std::future<Commit> commit;
    {
        pqxx::work lock(other);
        lock.exec("LOCK TABLE entry IN SHARE MODE");
        commit = commit_later(*log, batch);
        await_lock_waits(1);
        proxy_.hold_answers();
        proxy_.cut(false);
        await_lock_waits(2);  // The repetition waits for the first one's fence.
        EXPECT_GT(log->oldest_in_flight().count(), 0);
    }
    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(log->counters().locked, 1u);
    EXPECT_EQ(log->counters().in_doubt_was_stored, 1u);
    EXPECT_EQ(stored_entries(), 2);
}

TEST_F(InDoubtTest, ACommitWhoseAnswerIsLostIsNotRepeated) {
    const auto log = this->log(proxy_.connection());
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    proxy_.hold_answers();
    auto commit = commit_later(*log, batch);
    proxy_.await_held();
    await_number("SELECT count(*) FROM entry", 2);
    proxy_.cut(false);

    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(log->counters().in_doubt_was_stored, 1u);
    EXPECT_EQ(stored_entries(), 2);
}

TEST_F(InDoubtTest, AResetConnectionIsInDoubtToo) {
    const auto log = this->log(proxy_.connection());
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    proxy_.hold_answers();
    auto commit = commit_later(*log, batch);
    proxy_.await_held();
    proxy_.cut(true);

    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(log->counters().in_doubt_was_stored, 1u);
    EXPECT_EQ(stored_entries(), 2);
}

TEST_F(InDoubtTest, EachAnswerThatDoesNotComeIsCutAndAskedForAgain) {
    const auto log = this->log(proxy_.connection(), std::chrono::milliseconds(300));
    warm_up(*log);
    for (unsigned lost = 1; lost <= 3; ++lost) {
        const Batch batch = writer_.entry().batch();

        proxy_.hold_answers();
        auto commit = commit_later(*log, batch);

        EXPECT_EQ(commit.get(), Commit::stored);
        EXPECT_GE(log->counters().cut, lost);
        EXPECT_GE(log->counters().in_doubt_was_stored + log->counters().in_doubt_was_not, lost);
        EXPECT_EQ(stored_entries(), 1 + lost);
    }
}

TEST_F(InDoubtTest, AKilledBackendIsInDoubt) {
    const auto log = this->log(database_);
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    pqxx::connection other(database_);
    std::future<Commit> commit;
    {
        pqxx::work lock(other);
        lock.exec("LOCK TABLE entry IN SHARE MODE");
        commit = commit_later(*log, batch);
        await_lock_waits(1);
        lock.exec(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()");
    }
    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(log->counters().in_doubt_was_not, 1u);
    EXPECT_EQ(stored_entries(), 2);
}

TEST_F(InDoubtTest, AnErrorIsNoAnswerWhileAnEarlierSendMayStillArrive) {
    const auto* lanes =
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE application_name LIKE 'ee%' AND datname = current_database()";
    const auto log = this->log(proxy_.connection());
    warm_up(*log);
    const Batch batch = writer_.entry("caf\xe9").batch();  // not UTF-8

    proxy_.hold_requests();
    auto commit = commit_later(*log, batch);
    proxy_.await_held();
    await_number(lanes, 1);
    proxy_.cut(false);

    EXPECT_EQ(commit.get(), Commit::refused);
    EXPECT_EQ(log->counters().in_doubt_was_wrong, 1u);
    // Gone with the backend that it was sent to: delivering it late does nothing.
    await_number(lanes, 0);
    proxy_.deliver();
    EXPECT_EQ(stored_entries(), 1);
}

TEST_F(InDoubtTest, ABackendThatStandsStillKeepsOnlyItsOwnBatchWaiting) {
    const auto log = this->log(proxy_.connection(), std::chrono::milliseconds(1500));
    warm_up(*log);
    Writer other_tenant = add_tenant();
    ASSERT_EQ(this->commit(*log, other_tenant.start_conversation().entry().batch()),
              Commit::stored);
    const Batch batch = writer_.entry().batch();

    pqxx::connection other(database_);
    std::future<Commit> commit;
    std::int64_t backend = 0;
    {
        pqxx::work lock(other);
        lock.exec("LOCK TABLE entry IN SHARE MODE");
        commit = commit_later(*log, batch);
        await_lock_waits(1);
        backend = number(
            "SELECT pid FROM pg_stat_activity"
            " WHERE wait_event_type = 'Lock' AND datname = current_database()");
        ASSERT_EQ(kill(static_cast<pid_t>(backend), SIGSTOP), 0);
    }
    const auto is_locked = [&] { return log->counters().locked > 0; };
    EXPECT_TRUE(becomes(is_locked))
        << "it is sent again, and the one that stands still has the row";
    for (int i = 0; i < 2; ++i) {
        EXPECT_EQ(this->commit(*log, other_tenant.entry("caf\xe9").batch()), Commit::refused);
        other_tenant = add_tenant();
    }
    EXPECT_EQ(commit.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
    ASSERT_EQ(kill(static_cast<pid_t>(backend), SIGCONT), 0);
    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(stored_entries(), 3);
}

// F9: whoever watches the log must see it, though PostgreSQL answers.
TEST_F(InDoubtTest, AFullDiskCountsAsAnAnswerThatIsOwed) {
    const auto log = this->log(database_);
    warm_up(*log);
    sql_exec(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE 'no space left on device' USING ERRCODE = '53100'; END$$");
    sql_exec("CREATE TRIGGER full_disk BEFORE INSERT ON entry EXECUTE FUNCTION refuse()");
    const Batch batch = writer_.entry().batch();
    auto commit = commit_later(*log, batch);
    EXPECT_TRUE(becomes([&] { return log->oldest_in_flight() > std::chrono::milliseconds(500); }));
    sql_exec("DROP TRIGGER full_disk ON entry");
    EXPECT_EQ(commit.get(), Commit::stored);
    EXPECT_EQ(log->oldest_in_flight().count(), 0);
}

TEST_F(InDoubtTest, ABatchInDoubtWhoseTenantWasTakenIsFenced) {
    const auto log = this->log(proxy_.connection());
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    proxy_.hold_requests();
    auto commit = commit_later(*log, batch);
    proxy_.await_held();
    take(writer_.tenant(), me_);
    proxy_.cut(false);

    EXPECT_EQ(commit.get(), Commit::fenced);
    EXPECT_EQ(log->counters().in_doubt_was_fenced, 1u);
    EXPECT_EQ(stored_entries(), 1);
}

TEST_F(InDoubtTest, StoppingLeavesABatchInDoubt) {
    const auto log = this->log(proxy_.connection(), std::chrono::milliseconds(300));
    warm_up(*log);
    const Batch batch = writer_.entry().batch();

    proxy_.hold_requests();
    auto commit = commit_later(*log, batch);
    proxy_.await_held();
    log->stop();
    EXPECT_EQ(commit.get(), Commit::stopped);
}

}  // namespace
}  // namespace switchboard
