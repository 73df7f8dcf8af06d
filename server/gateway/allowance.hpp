#pragma once

#include <chrono>

#include "domain/rate_limit.hpp"

namespace switchboard {

// What a person may do; docs/refusals.md, "Limits".
struct RateSettings {
    Rate commands{std::chrono::milliseconds(50), 40};
    Rate messages{std::chrono::milliseconds(200), 10};
    Rate messages_in_a_minute{std::chrono::seconds(1), 60};
    Rate typing{std::chrono::seconds(1), 2};
    int strikes_max = 3;  // seconds with a refusal, within strikes_expire_after of each other
    std::chrono::seconds strikes_expire_after{60};
};

// An agent writes to many visitors: only his commands are counted.
inline RateSettings agent_rates() {
    RateSettings rates;
    rates.messages = {};
    rates.messages_in_a_minute = {};
    return rates;
}

// What a person did lately, over all his connections of one I/O thread, and over reconnects.
class Allowance {
public:
    struct Verdict {
        std::chrono::microseconds retry_after{0};  // 0: it is allowed
        bool is_last_strike = false;               // the connection must close

        bool is_allowed() const { return retry_after.count() == 0; }
    };

    Verdict take_command(const RateSettings& rates, Time now);
    Verdict take_message(const RateSettings& rates, Time now);  // a command as well

    // Typing that comes too often is dropped without a word.
    bool take_typing(const RateSettings& rates, Time now);

    bool is_idle(Time now) const;

private:
    Verdict refuse(const RateSettings& rates, std::chrono::microseconds retry_after, Time now);

    RateLimit commands_;
    RateLimit messages_;
    RateLimit messages_in_a_minute_;
    RateLimit typing_;
    Time struck_at_;  // the last strike
    int strikes_ = 0;
};

}  // namespace switchboard
