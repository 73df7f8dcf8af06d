#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// Who owns the tenants.
struct ClusterMetrics {
    const Registry& registry;

    CounterMetric takeover{registry, "takeover_total", "Tenants taken by this node"};
    CounterMetric lease_lost{
        registry, "lease_lost_total", "Times this node's lease ran out before it was renewed"};
    CounterMetric self_fence{
        registry, "self_fence_total", "Batches not shown because the lease had run out"};
};

}  // namespace switchboard
