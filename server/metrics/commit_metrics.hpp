#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// What became of the batches on their way into PostgreSQL.
struct CommitMetrics {
    const Registry& registry;

    HistogramMetric seconds{registry,
                            "commit_seconds",
                            "From a batch being handed over to its outcome being known",
                            wait_bounds()};
    HistogramMetric batch_records{
        registry, "batch_records", "Records in a batch", {1, 2, 5, 10, 20, 50, 100, 200}};
    CounterFamily in_doubt{
        registry, "in_doubt_total", "Batches whose first answer was lost, by outcome", "outcome"};
    CounterMetric fenced{registry, "fenced_total", "Batches refused: another node owns the tenant"};
    CounterMetric cap_refused_by_db{registry,
                                    "cap_refused_by_db_total",
                                    "Claims above an agent's slots that only PostgreSQL refused"};
    CounterFamily poison_rows{
        registry, "poison_rows_total", "Batches with a value that cannot be stored", "sqlstate"};
};

}  // namespace switchboard
