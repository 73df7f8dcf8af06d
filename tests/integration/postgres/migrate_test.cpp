#include "postgres/migrate.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <future>
#include <set>

#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::ThrowsMessage;

// An empty database.
class MigrateTest : public testing::Test {
protected:
    MigrateTest() : database_(fresh_database()) {
        pqxx::connection connection(database_);
        pqxx::nontransaction session(connection);
        session.exec("DROP SCHEMA public CASCADE");
        session.exec("CREATE SCHEMA public");
    }

    bool exists(const std::string& table) {
        pqxx::connection connection(database_);
        pqxx::nontransaction session(connection);
        const auto row = session.exec_params1("SELECT to_regclass($1) IS NOT NULL", table);
        return row[0].as<bool>();
    }

    std::vector<MigrationState> states(std::span<const Migration> known) {
        std::vector<MigrationState> states;
        for (const auto& status : migration_status(database_, known))
            states.push_back(status.state);
        return states;
    }

    std::string database_;
    const std::vector<Migration> two_{{1, "0001_one", "CREATE TABLE one ();"},
                                      {2, "0002_two", "CREATE TABLE two (); SELECT 1;"}};
};

TEST_F(MigrateTest, AppliesWhatIsPendingOnce) {
    EXPECT_THAT(states(two_), ElementsAre(MigrationState::pending, MigrationState::pending));
    EXPECT_THAT(migrate_up(database_, std::span(two_).first(1)), ElementsAre("0001_one"));
    EXPECT_THAT(states(two_), ElementsAre(MigrationState::applied, MigrationState::pending));
    EXPECT_THAT(migrate_up(database_, two_), ElementsAre("0002_two"));
    EXPECT_THAT(migrate_up(database_, two_), IsEmpty());
    EXPECT_TRUE(exists("two"));
}

TEST_F(MigrateTest, AFailingMigrationLeavesNothingOfItself) {
    const std::vector<Migration> bad{two_[0], {2, "0002_bad", "CREATE TABLE two (); SELECT 1/0;"}};
    EXPECT_THROW(migrate_up(database_, bad), pqxx::sql_error);
    EXPECT_TRUE(exists("one"));
    EXPECT_FALSE(exists("two"));
    EXPECT_THAT(states(bad), ElementsAre(MigrationState::applied, MigrationState::pending));
}

TEST_F(MigrateTest, AChangedFileIsRefused) {
    migrate_up(database_, two_);
    const std::vector<Migration> changed{{1, "0001_one", "CREATE TABLE one (a int);"}, two_[1]};
    EXPECT_THAT(states(changed), ElementsAre(MigrationState::changed, MigrationState::applied));
    EXPECT_THAT([&] { migrate_up(database_, changed); },
                ThrowsMessage<MigrationError>(HasSubstr("0001_one is not the file")));
}

TEST_F(MigrateTest, ANewerDatabaseIsRefused) {
    migrate_up(database_, two_);
    const auto known = std::span(two_).first(1);
    EXPECT_THAT(states(known), ElementsAre(MigrationState::applied, MigrationState::unknown));
    EXPECT_THAT([&] { migrate_up(database_, known); },
                ThrowsMessage<MigrationError>(HasSubstr("0002_two was applied")));
}

TEST_F(MigrateTest, TwoAtTheSameTimeApplyEachOnce) {
    const auto up = [&] { return migrate_up(database_).size(); };
    auto first = std::async(std::launch::async, up);
    auto second = std::async(std::launch::async, up);
    EXPECT_EQ(first.get() + second.get(), migrations().size());
}

// A key that was sent again used to block others, or anew, under the same id.
TEST_F(MigrateTest, BlocksOfOneIdGetOneEach) {
    migrate_up(database_, migrations().first(7));
    pqxx::connection connection(database_);
    pqxx::nontransaction session(connection);
    const auto ids = [&] {
        std::vector<std::string> list;
        for (const auto& row : session.exec("SELECT public_id FROM block ORDER BY block_id"))
            list.push_back(row[0].as<std::string>());
        return list;
    };
    session.exec(
        "INSERT INTO block (tenant_id, block_id, public_id, visitor_id, visitor_public_id, by_id, "
        "at,"
        "                   by_kind, visitor_name, reason, lifted_at)"
        " SELECT tenant, n, md5(id)::uuid, n, md5('v')::uuid, 1, now(), 3, '', '', "
        "lifted::timestamptz"
        "   FROM (VALUES (1, 1, 'a', NULL), (1, 2, 'a', NULL), (1, 3, 'a', 'now'),"
        "                (2, 4, 'a', 'now'), (1, 5, 'b', 'now'), (1, 6, 'b', 'now'))"
        "        AS block (tenant, n, id, lifted)");
    const auto before = ids();
    migrate_up(database_);
    const auto after = ids();
    EXPECT_EQ(after[1], before[1]) << "the newest in force";
    EXPECT_EQ(after[3], before[3]) << "another tenant's";
    EXPECT_EQ(after[5], before[5]) << "the newest, where none is in force";
    const std::set<std::string> distinct(after.begin(), after.end());
    EXPECT_EQ(distinct.size(), after.size() - 1) << "one id is used by two tenants";
}

TEST_F(MigrateTest, TheMigrationsAreNumberedWithoutGaps) {
    int number = 0;
    for (const auto& migration : migrations())
        EXPECT_EQ(migration.number, ++number);
    EXPECT_GE(number, 4);
}

}  // namespace
}  // namespace switchboard
