#include "admin/rest/request_limits.hpp"

namespace switchboard {

RequestLimits::Standing RequestLimits::take(const std::string& caller, Time now) {
    if (rate_.interval.count() == 0) return {};
    const std::lock_guard lock(mutex_);
    auto found = callers_.find(caller);
    if (found == callers_.end()) {
        make_room(now);
        found = callers_.emplace(caller, RateLimit()).first;
    }
    RateLimit& limit = found->second;
    Standing standing;
    standing.limit = rate_.burst;
    if (const auto wait = limit.take(rate_, now))
        standing.retry_after = std::chrono::ceil<std::chrono::seconds>(*wait);
    standing.remaining = limit.remaining(rate_, now);
    standing.whole_after = std::chrono::ceil<std::chrono::seconds>(limit.whole_after(now));
    return standing;
}

void RequestLimits::make_room(Time now) {
    if (callers_.size() < callers_max) return;
    std::erase_if(callers_, [now](const auto& each) { return each.second.is_idle(now); });
    if (callers_.size() > callers_max / 2) callers_.clear();
}

}  // namespace switchboard
