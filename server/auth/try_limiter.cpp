#include "auth/try_limiter.hpp"

#include <algorithm>

namespace switchboard {

std::chrono::microseconds TryLimiter::wait(const Digest& key, Time now) const {
    const auto found = keys_.find(key);
    if (found == keys_.end() || found->at.size() < limits_.tries_max) return {};
    // The oldest of the last `tries_max` tries must leave the window.
    const Time oldest = *(found->at.end() - static_cast<std::ptrdiff_t>(limits_.tries_max));
    if (has_expired(oldest, now)) return {};
    return std::min<std::chrono::microseconds>(oldest + limits_.window - now, limits_.window);
}

void TryLimiter::take(const Digest& key, Time now) {
    auto found = keys_.find(key);
    if (found == keys_.end()) {
        make_room(now);
        found = keys_.insert({key, {}}).first;
    }
    keys_.modify(found, [&](Tries& tries) {
        std::erase_if(tries.at, [&](Time at) { return has_expired(at, now); });
        tries.at.insert(std::ranges::upper_bound(tries.at, now), now);
    });
    auto& order = keys_.get<1>();
    order.relocate(order.end(), keys_.project<1>(found));
}

void TryLimiter::give_back(const Digest& key, Time at) {
    const auto found = keys_.find(key);
    if (found == keys_.end()) return;
    const auto tried = std::ranges::find(found->at, at);
    if (tried == found->at.end()) return;
    if (found->at.size() == 1) {
        keys_.erase(found);
        return;
    }
    const auto index = tried - found->at.begin();
    keys_.modify(found, [&](Tries& tries) { tries.at.erase(tries.at.begin() + index); });
}

void TryLimiter::make_room(Time now) {
    auto& order = keys_.get<1>();
    while (!order.empty() && has_expired(order.front().at.back(), now))
        order.pop_front();
    if (order.size() < limits_.keys_max) return;
    order.pop_front();
    ++evicted_;
}

}  // namespace switchboard
