#pragma once

#include <chrono>
#include <optional>

#include "domain/time.hpp"

namespace switchboard {

// How often something may be done: one each `interval`, or `burst` at once after a pause. An
// interval of zero is no limit.
struct Rate {
    std::chrono::microseconds interval{0};
    int burst = 1;
};

// One stream of doings measured against a rate by GCRA: the time at which it would be back in step.
class RateLimit {
public:
    // Nothing when it may be done now, and it counts; else how long to wait, and it does not count.
    std::optional<std::chrono::microseconds> take(const Rate& rate, Time now);

    // How many may be done at once now, and when it will be a whole burst again. Of a rate that is
    // a limit.
    int remaining(const Rate& rate, Time now) const;
    std::chrono::microseconds whole_after(Time now) const;

    // True when the past plays no part any more.
    bool is_idle(Time now) const { return in_step_at_ <= now; }

private:
    Time in_step_at_;
};

}  // namespace switchboard
