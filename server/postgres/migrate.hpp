#pragma once

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

// One file of migrations/, compiled in. Once released it never changes.
struct Migration {
    int number = 0;         // 1, 2, 3…
    std::string_view name;  // "0001_configuration"
    std::string_view sql;
};

// All that this program knows, by number.
std::span<const Migration> migrations();

enum class MigrationState {
    applied,
    pending,
    changed,  // applied, but the file was another one then
    unknown,  // applied by a newer program
};

struct MigrationStatus {
    int number = 0;
    std::string name;
    MigrationState state = MigrationState::pending;
    std::string applied_at;  // PostgreSQL's text of the time; empty when pending
};

// The schema of the database is not one that this program can go on from; what() says why.
class MigrationError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// What was applied to the database and what was not, by number. Throws what libpqxx throws.
std::vector<MigrationStatus> migration_status(const std::string& connection,
                                              std::span<const Migration> known = migrations());

// Applies what is pending, each in a transaction of its own, and returns their names. Two that run
// at the same time wait for one another. Throws a MigrationError, having applied nothing, when a
// released file changed or the database is newer; or what libpqxx throws, and then everything
// before the failing migration is applied.
std::vector<std::string> migrate_up(const std::string& connection,
                                    std::span<const Migration> known = migrations());

}  // namespace switchboard
