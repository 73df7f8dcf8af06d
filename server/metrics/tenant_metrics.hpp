#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// The tenants' loops and their mailboxes, all tenants of this node together. Followed from the
// loops' own counts.
struct TenantMetrics {
    const Registry& registry;

    GaugeMetric mailbox_items{registry, "mailbox_items", "Commands waiting in mailboxes"};
    GaugeMetric mailbox_bytes{registry, "mailbox_bytes", "Bytes of the commands in mailboxes"};
    CounterMetric commands{registry, "commands_total", "Commands that were applied"};
    CounterMetric overloaded{
        registry, "overloaded_total", "Commands refused because a mailbox was full"};
    CounterMetric expired{
        registry, "expired_total", "Commands answered unavailable because their time was over"};
    CounterMetric rebuilds{
        registry, "rebuilds_total", "Engines built from what is stored, after a take or a failure"};
    CounterMetric stuck{
        registry, "stuck_total", "Looks at a live tenant that found somebody stuck; must stay 0"};
};

}  // namespace switchboard
