#pragma once

#include <chrono>

#include "gateway/allowance.hpp"
#include "gateway/outbox.hpp"

namespace switchboard {

// What docs/refusals.md calls limits; all adjustable.
struct GatewaySettings {
    std::chrono::seconds hello_timeout{10};
    std::chrono::seconds heartbeat_interval{15};
    std::chrono::seconds door_kept{10};       // how long a site's settings may be out of date
    std::size_t held_back_max = 1'024;        // publications while a connection catches up
    std::size_t resumed_entries_max = 1'000;  // of one conversation; beyond: resync
    Outbox::Limits outbox{};
    RateSettings visitor{};
    RateSettings agent = agent_rates();
};

}  // namespace switchboard
