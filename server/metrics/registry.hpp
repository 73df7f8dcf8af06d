#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace switchboard {

// Every metric of this process. A metric is a member of one of the structs beside this file, which
// names it, explains it and keeps its child, so that counting needs no look-up: 6-25 ns. To add one
// is to add that member. Names here lack the prefix "switchboard_"; no label holds a tenant, a
// visitor or a conversation, since each value of a label lives as long as the process.
class Registry {
public:
    Registry();
    ~Registry();

    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    prometheus::Registry& metrics() const { return *metrics_; }

private:
    std::unique_ptr<prometheus::Registry> metrics_;
};

using MetricLabels = std::map<std::string, std::string>;

// What only grows. As all metrics: any thread; a copy counts into the same; the registry must
// outlive it. Two with equal names and labels are one.
class CounterMetric {
public:
    // `name` ends in _total.
    CounterMetric(const Registry& registry,
                  std::string_view name,
                  std::string_view help,
                  const MetricLabels& labels = {});

    void add(double amount = 1);  // amount >= 0

    // For a total that is kept elsewhere: takes its value over when it is higher. One thread.
    void follow(double total);

private:
    prometheus::Counter* child_;
};

// One counter for each value of a label. `values` are few, short and known to the programmer.
class CounterFamily {
public:
    CounterFamily(const Registry& registry,
                  std::string_view name,
                  std::string_view help,
                  std::string_view label);

    // A look-up of 0.1 µs: where much is counted keep what it gives.
    CounterMetric with(std::string_view value) const;

private:
    const Registry* registry_;
    std::string name_;
    std::string help_;
    std::string label_;
};

// What goes up and down.
class GaugeMetric {
public:
    GaugeMetric(const Registry& registry,
                std::string_view name,
                std::string_view help,
                const MetricLabels& labels = {});

    void set(double value);
    void add(double amount);  // < 0 takes away

private:
    prometheus::Gauge* child_;
};

// How values are spread; `bounds` ascend, and one without end is added.
class HistogramMetric {
public:
    HistogramMetric(const Registry& registry,
                    std::string_view name,
                    std::string_view help,
                    const std::vector<double>& bounds);

    void observe(double value);
    void observe(std::chrono::nanoseconds duration);  // for names that end in _seconds

private:
    prometheus::Histogram* child_;
};

// Bounds for waits on a database or a network: 0.25 ms to 10 s.
const std::vector<double>& wait_bounds();

// All metrics in the text form that Prometheus reads.
std::string render(const Registry& registry);

}  // namespace switchboard
