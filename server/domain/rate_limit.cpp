#include "domain/rate_limit.hpp"

#include <algorithm>

namespace switchboard {

std::optional<std::chrono::microseconds> RateLimit::take(const Rate& rate, Time now) {
    if (rate.interval.count() == 0) return std::nullopt;
    const auto next = std::max(in_step_at_, now) + rate.interval;
    const auto ahead = next - now - rate.interval * rate.burst;
    if (ahead.count() > 0) return ahead;
    in_step_at_ = next;
    return std::nullopt;
}

int RateLimit::remaining(const Rate& rate, Time now) const {
    const auto room = rate.interval * rate.burst - whole_after(now);
    return static_cast<int>(room / rate.interval);
}

std::chrono::microseconds RateLimit::whole_after(Time now) const {
    return std::max(in_step_at_ - now, std::chrono::microseconds(0));
}

}  // namespace switchboard
