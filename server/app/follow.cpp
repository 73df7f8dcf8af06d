#include "app/follow.hpp"

#include <algorithm>
#include <array>

namespace switchboard {

namespace {

double total(const std::atomic<std::uint64_t>& count) { return static_cast<double>(count.load()); }

// Errors that a value in a row is to blame for; SB003 is counted as a cap, the rest decide nothing.
constexpr std::array<std::string_view, 5> poison{"23505", "23502", "23514", "22", "54"};

}  // namespace

void follow(const CommitCounters& counters, CommitMetrics& metrics) {
    metrics.statements.follow(total(counters.statements));
    metrics.seconds.follow(total(counters.statement_microseconds) / 1e6);
    metrics.batches.follow(total(counters.batches));
    metrics.entries.follow(total(counters.entries));
    metrics.fenced.follow(total(counters.fenced));
    metrics.diverged.follow(total(counters.diverged));
    metrics.cut.follow(total(counters.cut));
    metrics.in_doubt.with("stored").follow(total(counters.in_doubt_was_stored));
    metrics.in_doubt.with("not_stored").follow(total(counters.in_doubt_was_not));
    metrics.in_doubt.with("fenced").follow(total(counters.in_doubt_was_fenced));
    metrics.in_doubt.with("refused").follow(total(counters.in_doubt_was_wrong));
    for (std::size_t i = 0; i < counted_sqlstates.size(); ++i) {
        const std::string_view sqlstate = counted_sqlstates[i];
        if (sqlstate == "SB003") metrics.cap_refused_by_db.follow(total(counters.errors[i]));
        if (std::find(poison.begin(), poison.end(), sqlstate) != poison.end())
            metrics.poison_rows.with(sqlstate).follow(total(counters.errors[i]));
    }
}

void follow(const NetStats& stats, EdgeMetrics& metrics) {
    metrics.connections.set(static_cast<double>(stats.connections.load()));
    metrics.requests.follow(total(stats.requests));
    metrics.bad_requests.follow(total(stats.bad_requests));
    metrics.handler_failures.follow(total(stats.handler_failures));
    metrics.handshake_rejected.with("busy").follow(total(stats.busy));
    metrics.handshake_rejected.with("crowded").follow(total(stats.crowded));
}

void follow(const Tenants::Load& load, TenantMetrics& metrics) {
    metrics.mailbox_items.set(static_cast<double>(load.mailbox_items));
    metrics.mailbox_bytes.set(static_cast<double>(load.mailbox_bytes));
    metrics.commands.follow(static_cast<double>(load.counts.commands));
    metrics.overloaded.follow(static_cast<double>(load.counts.overloaded));
    metrics.expired.follow(static_cast<double>(load.counts.expired));
    metrics.stuck.follow(static_cast<double>(load.counts.stuck));
    metrics.rebuilds.follow(static_cast<double>(load.counts.loads));
}

}  // namespace switchboard
