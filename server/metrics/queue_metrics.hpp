#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// What waits for a thread that may block.
struct QueueMetrics {
    const Registry& registry;

    GaugeMetric reads{registry, "reads_waiting", "Questions to the database not yet answered"};
    CounterMetric reads_refused{
        registry, "reads_refused_total", "Questions refused because too many waited"};
    CounterMetric reads_cut{
        registry, "reads_cut_total", "Connections cut because PostgreSQL owed an answer"};
    GaugeMetric passwords{
        registry, "passwords_waiting", "Passwords being checked or waiting for it"};
};

}  // namespace switchboard
