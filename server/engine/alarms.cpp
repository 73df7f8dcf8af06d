#include "engine/alarms.hpp"

namespace switchboard {

void Alarms::set(const AlarmKey& key, Time at) {
    cancel(key);
    times_[key] = at;
    order_.insert({at, key});
}

void Alarms::cancel(const AlarmKey& key) {
    const auto found = times_.find(key);
    if (found == times_.end()) return;
    order_.erase({found->second, key});
    times_.erase(found);
}

void Alarms::postpone(AlarmKind kind, std::chrono::microseconds by) {
    for (auto place = times_.lower_bound({kind}); place != times_.end(); ++place) {
        auto& [key, at] = *place;
        if (key.kind != kind) return;
        order_.erase({at, key});
        at += by;
        order_.insert({at, key});
    }
}

std::optional<Time> Alarms::find(const AlarmKey& key) const {
    const auto found = times_.find(key);
    return found == times_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<DueAlarm> Alarms::next() const {
    if (order_.empty()) return std::nullopt;
    const auto& [at, key] = *order_.begin();
    return DueAlarm{at, key.kind};
}

std::optional<AlarmKey> Alarms::take_due(Time now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    const AlarmKey key = order_.begin()->second;
    cancel(key);
    return key;
}

}  // namespace switchboard
