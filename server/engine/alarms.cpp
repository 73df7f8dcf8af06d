#include "engine/alarms.hpp"

namespace switchboard {

void Alarms::set(const AlarmKey& key, Time at) {
    const auto [place, is_new] = times_.try_emplace(key, at);
    if (!is_new) {
        order_.erase({place->second, key});
        place->second = at;
    }
    order_.insert({at, key});
}

void Alarms::cancel(const AlarmKey& key) {
    const auto found = times_.find(key);
    if (found == times_.end()) return;
    order_.erase({found->second, key});
    times_.erase(found);
}

std::optional<Time> Alarms::find(const AlarmKey& key) const {
    const auto found = times_.find(key);
    if (found == times_.end()) return std::nullopt;
    return found->second;
}

std::optional<Time> Alarms::next() const {
    if (order_.empty()) return std::nullopt;
    return order_.begin()->first;
}

std::optional<AlarmKey> Alarms::take_due(Time now) {
    if (order_.empty() || order_.begin()->first > now) return std::nullopt;
    const AlarmKey key = order_.begin()->second;
    cancel(key);
    return key;
}

}  // namespace switchboard
