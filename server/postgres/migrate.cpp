#include "postgres/migrate.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "postgres/connection.hpp"

namespace switchboard {
namespace {

constexpr int lock_number = 0x5377'6274;  // any that nobody else in this database uses

struct Applied {
    std::string name;
    std::string checksum;
    std::string at;
};

std::string migrate_connection(const std::string& base) {
    return connection_string(base, "switchboard migrate", {});
}

std::map<int, Applied> read_applied(pqxx::transaction_base& transaction) {
    std::map<int, Applied> applied;
    if (transaction.exec1("SELECT to_regclass('schema_migration') IS NULL")[0].as<bool>()) {
        return applied;
    }
    const auto rows = transaction.exec(
        "SELECT number, name, encode(checksum, 'hex'), applied_at FROM schema_migration");
    for (const auto& row : rows) {
        applied[row[0].as<int>()] = {
            row[1].as<std::string>(), row[2].as<std::string>(), row[3].as<std::string>()};
    }
    return applied;
}

std::string checksum_of(pqxx::transaction_base& transaction, const Migration& migration) {
    const auto row = transaction.exec_params1(
        "SELECT encode(sha256(convert_to($1, 'UTF8')), 'hex')", std::string(migration.sql));
    return row[0].as<std::string>();
}

std::vector<MigrationStatus> compare(pqxx::transaction_base& transaction,
                                     std::span<const Migration> known) {
    auto applied = read_applied(transaction);
    std::vector<MigrationStatus> statuses;
    for (const Migration& migration : known) {
        MigrationStatus status{
            migration.number, std::string(migration.name), MigrationState::pending, {}};
        if (const auto found = applied.extract(migration.number)) {
            const bool same = found.mapped().checksum == checksum_of(transaction, migration);
            status.state = same ? MigrationState::applied : MigrationState::changed;
            status.applied_at = found.mapped().at;
        }
        statuses.push_back(std::move(status));
    }
    for (const auto& [number, migration] : applied) {
        statuses.push_back({number, migration.name, MigrationState::unknown, migration.at});
    }
    return statuses;
}

void refuse_strangers(const std::vector<MigrationStatus>& statuses) {
    bool pending = false;
    for (const MigrationStatus& status : statuses) {
        switch (status.state) {
            case MigrationState::changed:
                throw MigrationError("migration " + status.name +
                                     " is not the file that was applied to this database; a "
                                     "released migration must never change");
            case MigrationState::unknown:
                throw MigrationError("migration " + status.name +
                                     " was applied to this database by a newer program; this one "
                                     "cannot work with it");
            case MigrationState::applied:
                if (!pending) break;
                throw MigrationError("migration " + status.name +
                                     " was applied before an earlier one that is still pending");
            case MigrationState::pending:
                pending = true;
                break;
        }
    }
}

// One transaction. The lock is taken inside it, so that it cannot outlive or be lost by it.
std::optional<std::string> apply_next(pqxx::connection& connection,
                                      std::span<const Migration> known) {
    pqxx::work transaction(connection);
    transaction.exec("SELECT pg_advisory_xact_lock(" + std::to_string(lock_number) + ")");
    const auto statuses = compare(transaction, known);
    refuse_strangers(statuses);
    const auto next = std::ranges::find(statuses, MigrationState::pending, &MigrationStatus::state);
    if (next == statuses.end()) return std::nullopt;

    const Migration& migration = known[static_cast<std::size_t>(next - statuses.begin())];
    if (migration.number == known.front().number) {
        transaction.exec(
            "CREATE TABLE schema_migration (number int PRIMARY KEY, name text NOT NULL,"
            " checksum bytea NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())");
    }
    transaction.exec(std::string(migration.sql));
    transaction.exec_params0(
        "INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, decode($3, 'hex'))",
        migration.number,
        std::string(migration.name),
        checksum_of(transaction, migration));
    transaction.commit();
    return std::string(migration.name);
}

}  // namespace

std::vector<MigrationStatus> migration_status(const std::string& connection,
                                              std::span<const Migration> known) {
    pqxx::connection opened(migrate_connection(connection));
    pqxx::read_transaction transaction(opened);
    return compare(transaction, known);
}

std::vector<std::string> migrate_up(const std::string& connection,
                                    std::span<const Migration> known) {
    std::vector<std::string> names;
    pqxx::connection opened(migrate_connection(connection));
    while (auto name = apply_next(opened, known))
        names.push_back(std::move(*name));
    return names;
}

}  // namespace switchboard
