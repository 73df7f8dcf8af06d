#include "gateway/allowance.hpp"

namespace switchboard {
namespace {

// Commands that were on their way already when the first was refused count as one.
constexpr std::chrono::seconds strike_lasts{1};

}  // namespace

Allowance::Verdict Allowance::take_command(const RateSettings& rates, Time now) {
    if (const auto wait = commands_.take(rates.commands, now)) return refuse(rates, *wait, now);
    return {};
}

Allowance::Verdict Allowance::take_message(const RateSettings& rates, Time now) {
    if (const auto wait = messages_.take(rates.messages, now)) return refuse(rates, *wait, now);
    if (const auto wait = messages_in_a_minute_.take(rates.messages_in_a_minute, now))
        return refuse(rates, *wait, now);
    return take_command(rates, now);
}

bool Allowance::take_typing(const RateSettings& rates, Time now) {
    return !typing_.take(rates.typing, now);
}

Allowance::Verdict Allowance::refuse(const RateSettings& rates,
                                     std::chrono::microseconds retry_after,
                                     Time now) {
    if (now - struck_at_ >= rates.strikes_expire_after) strikes_ = 0;
    if (strikes_ == 0 || now - struck_at_ >= strike_lasts) {
        ++strikes_;
        struck_at_ = now;
    }
    return {retry_after, strikes_ >= rates.strikes_max};
}

bool Allowance::is_idle(Time now) const {
    return commands_.is_idle(now) && messages_.is_idle(now) && messages_in_a_minute_.is_idle(now) &&
           (strikes_ == 0 || now - struck_at_ >= std::chrono::minutes(1));
}

}  // namespace switchboard
