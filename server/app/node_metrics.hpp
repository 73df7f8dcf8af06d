#pragma once

#include "metrics/cluster_metrics.hpp"
#include "metrics/commit_metrics.hpp"
#include "metrics/edge_metrics.hpp"
#include "metrics/queue_metrics.hpp"
#include "metrics/tenant_metrics.hpp"

namespace switchboard {

// The metrics of a node, by room.
struct NodeMetrics {
    const Registry& registry;

    ClusterMetrics cluster{registry};
    CommitMetrics commit{registry};
    EdgeMetrics edge{registry};
    QueueMetrics queues{registry};
    TenantMetrics tenants{registry};
};

}  // namespace switchboard
