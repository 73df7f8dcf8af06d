#include "postgres/owner_table.hpp"

#include "domain/text.hpp"
#include "postgres/commit/watchdog.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/statement.hpp"

namespace switchboard {
namespace {

// What this program writes, and the oldest program that can read it (tenant_owner).
constexpr int version = 1, oldest_reader = 1;

constexpr std::chrono::milliseconds lease_answer_within{2000};

constexpr Statement take_statement{
    "take", "SELECT epoch, log_pos, lineage FROM take($1, $2, $3::smallint, $4::smallint)"};
constexpr Statement release_statement{"release", "SELECT coalesce(release($1, $2, $3), false)"};
constexpr Statement end_dead_holder{
    "end_dead_holder",
    "SELECT pg_terminate_backend(a.pid) FROM tenant_owner o"
    " JOIN pg_stat_activity a ON a.application_name = o.holder::text"
    " WHERE o.tenant_id = $1 AND NOT is_alive(o.holder)"};
constexpr Statement enlist_statement{"enlist", "SELECT enlist($1, $2, $3)"};
constexpr Statement renew_statement{"renew", "SELECT coalesce(renew($1), false)"};

}  // namespace

boost::asio::awaitable<Result<std::optional<Taken>>> PostgresOwnerTable::take(TenantId tenant) {
    auto work = [&](pqxx::connection& connection) -> std::optional<Taken> {
        pqxx::nontransaction session(connection);
        const auto rows =
            execute(session, take_statement, tenant.value, to_text(me_), version, oldest_reader);
        if (rows.empty()) return std::nullopt;
        return Taken{
            rows[0][0].as<std::int64_t>(), rows[0][1].as<Pos>(), rows[0][2].as<std::string>()};
    };
    auto end_holder = [&](pqxx::connection& connection) {
        pqxx::nontransaction session(connection);
        execute(session, end_dead_holder, tenant.value);
    };

    const auto taken = co_await pool_.run(work);
    if (!taken && taken.error() == PostgresError::locked) {
        (void)co_await pool_.run(end_holder);  // The caller tries again anyway.
    }
    co_return taken;
}

boost::asio::awaitable<Result<Released>> PostgresOwnerTable::release(TenantId tenant,
                                                                     std::int64_t epoch) {
    auto work = [&](pqxx::connection& connection) {
        pqxx::nontransaction session(connection);
        const auto rows = execute(session, release_statement, tenant.value, epoch, to_text(me_));
        return rows.at(0).at(0).as<bool>() ? Released::yes : Released::not_owned;
    };
    co_return co_await pool_.run(work);
}

class PostgresLeaseTable::Lease {
public:
    Lease(const std::string& connection, Incarnation me, std::string name)
        : connection_(connection_string(
              connection,
              to_text(me) + " lease",
              {"synchronous_commit=off", "statement_timeout=2000", "lock_timeout=2000"})),
          me_(to_text(me)),
          name_(std::move(name)) {}

    template <class Work>
    auto ask(Work&& work) {
        const auto watched = [&](pqxx::connection& connection) {
            const Watchdog::Waiting waiting(watchdog_, connection.sock(), lease_answer_within);
            pqxx::nontransaction session(connection);
            return work(session);
        };
        return attempt(connection_, watched);
    }

    const std::string& me() const { return me_; }
    const std::string& name() const { return name_; }

private:
    Counter cuts_;
    Watchdog watchdog_{cuts_};
    PostgresConnection connection_;
    std::string me_;
    std::string name_;
};

PostgresLeaseTable::PostgresLeaseTable(const std::string& connection,
                                       Incarnation me,
                                       std::string name)
    : lease_(std::make_unique<Lease>(connection, me, std::move(name))) {}

PostgresLeaseTable::~PostgresLeaseTable() = default;

Result<void> PostgresLeaseTable::enlist(std::optional<Incarnation> predecessor) {
    std::optional<std::string> dead;
    if (predecessor) dead = to_text(*predecessor);
    const auto work = [&](pqxx::nontransaction& session) {
        execute(session, enlist_statement, lease_->me(), lease_->name(), dead);
    };
    return lease_->ask(work);
}

Result<Renewed> PostgresLeaseTable::renew() {
    const auto work = [&](pqxx::nontransaction& session) {
        const auto rows = execute(session, renew_statement, lease_->me());
        return rows.at(0).at(0).as<bool>() ? Renewed::yes : Renewed::expired;
    };
    return lease_->ask(work);
}

}  // namespace switchboard
