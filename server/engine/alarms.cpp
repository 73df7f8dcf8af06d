#include "engine/alarms.hpp"

#include <functional>

namespace switchboard {
namespace {

constexpr std::size_t stale_max = 64;  // beside as many as there are subjects

}  // namespace

void Alarms::put_in(const AlarmKey& subject, Times& times) {
    times.ordered = times.first();
    order_.push_back({times.ordered, subject});
    std::ranges::push_heap(order_, std::greater());
}

// What stands in front is its subject's place, and something is due then.
void Alarms::settle_front() {
    while (!order_.empty()) {
        const Place front = order_.front();
        const auto found = times_.find(front.subject);
        const bool is_its_place = found != times_.end() && found->second.ordered == front.at;
        if (is_its_place && found->second.first() == front.at) return;
        std::ranges::pop_heap(order_, std::greater());
        order_.pop_back();
        if (is_its_place) put_in(front.subject, found->second);
    }
}

// The subject may no longer be due when it stood for that time.
void Alarms::changed(const AlarmKey& subject, Time stood) {
    if (order_.front() == Place{stood, subject}) settle_front();
    if (order_.size() > 2 * times_.size() + stale_max) put_in_order();
}

void Alarms::put_in_order() {
    order_.clear();
    for (auto& [subject, times] : times_) {
        times.ordered = times.first();
        order_.push_back({times.ordered, subject});
    }
    std::ranges::make_heap(order_, std::greater());
}

void Alarms::set(const AlarmKey& key, Time at) {
    const AlarmKey subject = subject_of(key);
    Times& times = times_[subject];
    Time& due = times.due[place_of(key.kind)];
    if (due == never) ++size_;
    due = at;
    const Time stood = times.ordered;
    if (at < stood) put_in(subject, times);
    if (stood != never) changed(subject, stood);
}

void Alarms::cancel(const AlarmKey& key) {
    const AlarmKey subject = subject_of(key);
    const auto found = times_.find(subject);
    if (found == times_.end()) return;
    Time& due = found->second.due[place_of(key.kind)];
    if (due == never) return;
    due = never;
    --size_;
    const Time stood = found->second.ordered;
    if (found->second.first() == never) times_.erase(found);
    changed(subject, stood);
}

void Alarms::postpone(AlarmKind kind, std::chrono::microseconds by, Time from) {
    for (auto& [subject, times] : times_) {
        if (subject.kind != subject_of({kind, 0, {}}).kind) continue;
        Time& due = times.due[place_of(kind)];
        if (due != never && due >= from) due += by;
    }
    put_in_order();
}

std::optional<Time> Alarms::find(const AlarmKey& key) const {
    const auto found = times_.find(subject_of(key));
    if (found == times_.end()) return std::nullopt;
    const Time due = found->second.due[place_of(key.kind)];
    return due == never ? std::nullopt : std::optional(due);
}

std::optional<Time> Alarms::next() const {
    if (order_.empty()) return std::nullopt;
    return order_.front().at;
}

std::optional<AlarmKey> Alarms::take_due(Time now) {
    if (order_.empty() || order_.front().at > now) return std::nullopt;
    AlarmKey key = order_.front().subject;
    const Times& times = times_.at(key);
    const auto place = std::ranges::find(times.due, times.ordered) - times.due.begin();
    key.kind = static_cast<AlarmKind>(static_cast<int>(key.kind) + place);
    cancel(key);
    return key;
}

}  // namespace switchboard
