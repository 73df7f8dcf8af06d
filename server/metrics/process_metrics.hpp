#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// The process as a whole.
struct ProcessMetrics {
    const Registry& registry;
    std::string version;

    HistogramMetric loop_lag{registry,
                             "loop_lag_seconds",
                             "How late an I/O thread came to a timer that was due",
                             wait_bounds()};
    CounterMetric log_overrun{
        registry, "log_overrun_total", "Log lines dropped because the writer fell behind"};
    GaugeMetric fds_used{registry, "fds_used", "Descriptors in use"};
    GaugeMetric build_info{
        registry, "build_info", "1, with the version as a label", {{"version", version}}};
};

}  // namespace switchboard
