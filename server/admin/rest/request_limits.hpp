#pragma once

#include <map>
#include <mutex>
#include <string>

#include "domain/rate_limit.hpp"

namespace switchboard {

// How often each caller may ask over HTTP, counted in this process. Any thread.
//
// Bounded: when there are too many callers those go whose past plays no part any more; were that
// not enough, all would be forgiven.
class RequestLimits {
public:
    explicit RequestLimits(Rate rate) : rate_(rate) {}

    // What a caller is told of his limit, as the fields RateLimit-… say it.
    struct Standing {
        int limit = 0;  // requests at once after a pause; 0: there is no limit
        int remaining = 0;
        std::chrono::seconds whole_after{0};  // then `limit` remain again
        std::chrono::seconds retry_after{0};  // 0: this request is allowed
    };

    // Counts a request, unless it is refused. `caller` tells one from another; `now` never falls.
    Standing take(const std::string& caller, Time now);

private:
    static constexpr std::size_t callers_max = 1 << 16;  // each takes about 150 bytes

    void make_room(Time now);

    Rate rate_;
    std::mutex mutex_;  // guards callers_
    std::map<std::string, RateLimit> callers_;
};

}  // namespace switchboard
