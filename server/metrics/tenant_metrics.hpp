#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// The tenants' loops and their mailboxes, all tenants of this node together.
struct TenantMetrics {
    const Registry& registry;

    GaugeMetric mailbox_items{registry, "mailbox_items", "Commands waiting in mailboxes"};
    GaugeMetric mailbox_bytes{registry, "mailbox_bytes", "Bytes of the commands in mailboxes"};
    HistogramMetric ack_latency{registry,
                                "ack_latency_seconds",
                                "From a command entering its mailbox to its acknowledgement",
                                wait_bounds()};
    CounterMetric dedup_hits{
        registry, "dedup_hits_total", "Commands answered again because they were stored before"};
};

}  // namespace switchboard
