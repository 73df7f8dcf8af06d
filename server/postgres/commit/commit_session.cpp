#include "postgres/commit/commit_session.hpp"

#include "domain/stop_point.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

std::vector<int> parse_outcomes(const std::string& text) {  // "{0,0,3}"
    std::vector<int> outcomes;
    for (const char c : text) {
        if (c >= '0' && c <= '9') outcomes.push_back(c - '0');
    }
    return outcomes;
}

// A server that ends the connection (57P) may have committed before it did: only an answer after
// which the connection still stands is known to be a roll-back.
bool is_answer(const std::string& sqlstate) {
    return !sqlstate.empty() && !sqlstate.starts_with("57P") && !sqlstate.starts_with("08");
}

}  // namespace

CommitSession::CommitSession(std::string connection,
                             std::string me,
                             Watchdog& watchdog,
                             std::chrono::milliseconds answer_within)
    : connection_(std::move(connection), [this](pqxx::connection& opened) { set_up(opened); }),
      me_(std::move(me)),
      watchdog_(watchdog),
      answer_within_(answer_within) {}

void CommitSession::set_up(pqxx::connection& connection) {
    const Watchdog::Waiting waiting(watchdog_, connection.sock(), answer_within_);
    CommitCall::prepare(connection);
    pqxx::nontransaction transaction(connection);
    types_ = row_types(transaction);
    const auto row = transaction.exec1(
        "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()");
    backend_ = {row[0].as<int>(), row[1].as<std::string>()};
}

CommitAnswer CommitSession::run(CommitCall& call, bool wait) {
    auto kind = CommitAnswer::Kind::unreachable;
    try {
        auto& connection = connection_.open();
        kind = CommitAnswer::Kind::in_doubt;
        std::string outcomes;
        {
            const Watchdog::Waiting waiting(watchdog_, connection.sock(), answer_within_);
            outcomes = call.run(connection, types_, me_, wait);
        }
        stop_point(StopPoint::answered);
        return {CommitAnswer::Kind::outcomes, parse_outcomes(outcomes), {}};
    } catch (const pqxx::sql_error& error) {
        std::string sqlstate = error.sqlstate();
        connection_.drop();
        if (kind == CommitAnswer::Kind::in_doubt && is_answer(sqlstate)) {
            return {CommitAnswer::Kind::error, {}, std::move(sqlstate)};
        }
    } catch (const pqxx::transaction_rollback&) {  // has no SQLSTATE in libpqxx 6
        connection_.drop();
        if (kind == CommitAnswer::Kind::in_doubt) return {CommitAnswer::Kind::error, {}, "40000"};
    } catch (const std::exception&) {  // Whatever it was, the statement may be on its way.
        connection_.drop();
    }
    return {kind, {}, {}};
}

template <class Work>
auto CommitSession::ask(Work&& work) -> Result<std::invoke_result_t<Work&, pqxx::connection&>> {
    const auto watched = [&](pqxx::connection& connection) {
        const Watchdog::Waiting waiting(watchdog_, connection.sock(), answer_within_);
        return work(connection);
    };
    return attempt(connection_, watched);
}

std::optional<bool> CommitSession::end(const std::vector<Backend>& backends) {
    const auto still_there = [&](pqxx::connection& connection) {
        pqxx::nontransaction transaction(connection);
        std::size_t left = 0;
        for (const Backend& backend : backends) {
            const auto found = transaction.exec_params(
                "SELECT pg_terminate_backend(pid, 1000) FROM pg_stat_activity"
                " WHERE pid = $1 AND backend_start = $2::timestamptz",
                backend.pid,
                backend.started_at);
            const bool ended = found.empty() || found[0][0].as<bool>(false);
            if (!ended) ++left;
        }
        return left;
    };
    const auto result = ask(still_there);
    if (!result) return std::nullopt;
    return *result == 0;
}

std::optional<bool> CommitSession::knows_ids_of(const Batch& batch) {
    const auto first_stored = [&](pqxx::connection& connection) -> Pos {
        pqxx::nontransaction transaction(connection);
        for (const Record& record : batch.records) {
            const auto* entry = std::get_if<Entry>(&record);
            if (entry == nullptr || !entry->client_message_id) continue;
            const auto found = transaction.exec_params(
                "SELECT FROM entry WHERE tenant_id = $1 AND client_message_id = $2"
                " AND author_id = $3 AND author_kind = $4",
                batch.tenant.value,
                to_text(*entry->client_message_id),
                entry->author.id,
                static_cast<int>(entry->author.kind));
            if (!found.empty()) return entry->pos;
        }
        return 0;  // none
    };
    const auto result = ask(first_stored);
    if (!result) return std::nullopt;
    return *result != 0;
}

}  // namespace switchboard
