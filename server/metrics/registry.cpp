#include "metrics/registry.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace switchboard {

namespace {

std::string prefixed(std::string_view name) { return "switchboard_" + std::string(name); }

}  // namespace

Registry::Registry() : metrics_(std::make_unique<prometheus::Registry>()) {}
Registry::~Registry() = default;

CounterMetric::CounterMetric(const Registry& registry,
                             std::string_view name,
                             std::string_view help,
                             const MetricLabels& labels)
    : child_(&prometheus::BuildCounter()
                  .Name(prefixed(name))
                  .Help(std::string(help))
                  .Register(registry.metrics())
                  .Add(labels)) {}

void CounterMetric::add(double amount) { child_->Increment(amount); }

void CounterMetric::follow(double total) {
    const double behind = total - child_->Value();
    if (behind > 0) child_->Increment(behind);
}

CounterFamily::CounterFamily(const Registry& registry,
                             std::string_view name,
                             std::string_view help,
                             std::string_view label)
    : registry_(&registry), name_(name), help_(help), label_(label) {}

CounterMetric CounterFamily::with(std::string_view value) const {
    return {*registry_, name_, help_, {{label_, std::string(value)}}};
}

GaugeMetric::GaugeMetric(const Registry& registry,
                         std::string_view name,
                         std::string_view help,
                         const MetricLabels& labels)
    : child_(&prometheus::BuildGauge()
                  .Name(prefixed(name))
                  .Help(std::string(help))
                  .Register(registry.metrics())
                  .Add(labels)) {}

void GaugeMetric::set(double value) { child_->Set(value); }

void GaugeMetric::add(double amount) { child_->Increment(amount); }

HistogramMetric::HistogramMetric(const Registry& registry,
                                 std::string_view name,
                                 std::string_view help,
                                 const std::vector<double>& bounds)
    : child_(&prometheus::BuildHistogram()
                  .Name(prefixed(name))
                  .Help(std::string(help))
                  .Register(registry.metrics())
                  .Add({}, bounds)) {}

void HistogramMetric::observe(double value) { child_->Observe(value); }

void HistogramMetric::observe(std::chrono::nanoseconds duration) {
    child_->Observe(std::chrono::duration<double>(duration).count());
}

const std::vector<double>& wait_bounds() {
    static const std::vector<double> bounds{
        0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
    return bounds;
}

std::string render(const Registry& registry) {
    return prometheus::TextSerializer().Serialize(registry.metrics().Collect());
}

}  // namespace switchboard
