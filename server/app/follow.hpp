#pragma once

#include "app/node_metrics.hpp"
#include "net/net_stats.hpp"
#include "postgres/commit/commit_counters.hpp"
#include "tenants/tenants.hpp"

namespace switchboard {

// The rooms count for themselves; these take their counts over into the metrics, whenever those are
// asked for. One thread at a time.
void follow(const CommitCounters& counters, CommitMetrics& metrics);
void follow(const NetStats& stats, EdgeMetrics& metrics);
void follow(const Tenants::Load& load, TenantMetrics& metrics);

}  // namespace switchboard
