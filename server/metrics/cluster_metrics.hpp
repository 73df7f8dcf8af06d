#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// Who owns the tenants.
struct ClusterMetrics {
    const Registry& registry;

    CounterFamily takeover{
        registry, "takeover_total", "Tenants taken by this node, by reason", "reason"};
    HistogramMetric takeover_seconds{registry,
                                     "takeover_seconds",
                                     "From deciding to take a tenant to serving it",
                                     wait_bounds()};
    CounterMetric self_fence{
        registry, "self_fence_total", "Answers held back because the lease was too old"};
    GaugeMetric lease_margin{registry,
                             "lease_margin_seconds",
                             "Time left, when last renewed, before this node would hold back"};
};

}  // namespace switchboard
