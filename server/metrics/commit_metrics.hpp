#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// What became of the batches on their way into PostgreSQL. Followed from the log's own counters.
struct CommitMetrics {
    const Registry& registry;

    CounterMetric statements{
        registry, "commit_statements_total", "Statements that PostgreSQL answered with outcomes"};
    CounterMetric seconds{
        registry, "commit_seconds_total", "Time from sending such a statement to its answer"};
    CounterMetric batches{registry, "batches_total", "Batches stored"};
    CounterMetric entries{registry, "entries_total", "Entries of timelines stored"};
    CounterMetric fenced{registry, "fenced_total", "Batches refused: another node owns the tenant"};
    CounterMetric diverged{registry,
                           "diverged_total",
                           "Batches that contradicted what is stored; the tenant was taken anew"};
    CounterMetric cap_refused_by_db{registry,
                                    "cap_refused_by_db_total",
                                    "Claims above an agent's slots that only PostgreSQL refused"};
    CounterMetric cut{registry,
                      "commit_connections_cut_total",
                      "Connections cut because PostgreSQL owed an answer for too long"};
    CounterFamily in_doubt{
        registry, "in_doubt_total", "Batches whose first answer was lost, by outcome", "outcome"};
    CounterFamily poison_rows{
        registry, "poison_rows_total", "Batches with a value that cannot be stored", "sqlstate"};
};

}  // namespace switchboard
