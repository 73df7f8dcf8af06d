#include "engine/alarms.hpp"

#include <algorithm>
#include <functional>

namespace switchboard {
namespace {

constexpr std::size_t stale_max = 64;  // beside as many as there are alarms

}  // namespace

bool Alarms::is_stale(const Due& due) const {
    const auto found = times_.find(due.key);
    return found == times_.end() || found->second != due.at;
}

// An alarm is no longer due at this time.
void Alarms::changed(Time was) {
    if (order_.front().at == was) {
        while (!order_.empty() && is_stale(order_.front())) {
            std::ranges::pop_heap(order_, std::greater());
            order_.pop_back();
        }
    }
    if (order_.size() > 2 * times_.size() + stale_max) put_in_order();
}

void Alarms::put_in_order() {
    order_.clear();
    for (const auto& [key, at] : times_)
        order_.push_back({at, key});
    std::ranges::make_heap(order_, std::greater());
}

void Alarms::set(const AlarmKey& key, Time at) {
    const auto [place, is_new] = times_.try_emplace(key, at);
    const Time was = place->second;
    if (!is_new && was == at) return;
    place->second = at;
    order_.push_back({at, key});
    std::ranges::push_heap(order_, std::greater());
    if (!is_new) changed(was);
}

void Alarms::cancel(const AlarmKey& key) {
    const auto found = times_.find(key);
    if (found == times_.end()) return;
    const Time was = found->second;
    times_.erase(found);
    changed(was);
}

void Alarms::postpone(AlarmKind kind, std::chrono::microseconds by, Time from) {
    for (auto& [key, at] : times_) {
        if (key.kind == kind && at >= from) at += by;
    }
    put_in_order();
}

std::optional<Time> Alarms::find(const AlarmKey& key) const {
    const auto found = times_.find(key);
    if (found == times_.end()) return std::nullopt;
    return found->second;
}

std::optional<Time> Alarms::next() const {
    if (order_.empty()) return std::nullopt;
    return order_.front().at;
}

std::optional<AlarmKey> Alarms::take_due(Time now) {
    if (order_.empty() || order_.front().at > now) return std::nullopt;
    const AlarmKey key = order_.front().key;
    cancel(key);
    return key;
}

}  // namespace switchboard
