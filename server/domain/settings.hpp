#pragma once

#include <chrono>

#include "domain/person.hpp"

namespace switchboard {

// What happens to the conversations of an agent who does not come back (S6).
enum class WhenAgentGone : std::uint8_t { requeue = 1, keep = 2 };

// Of a tenant. Zero: never.
struct TenantSettings {
    std::chrono::seconds agent_grace{30};       // 0..300; here 0 is at once (S6)
    std::chrono::seconds visitor_grace{60};     // 0..300; at once
    std::chrono::seconds confirm_within{5};     // 1..60, by the agent's client (R7)
    std::chrono::seconds inactive_after{0};     // of silence, then the slot is free (C5)
    std::chrono::seconds close_after{30 * 60};  // of silence, a chat (K13)
    WhenAgentGone when_agent_gone = WhenAgentGone::requeue;
    bool draft_preview = false;  // agents are shown what a visitor is writing (K9)

    bool operator==(const TenantSettings&) const = default;
};

enum class WhenNobodyFree : std::uint8_t { queue = 1, refuse = 2, leave_message = 3 };
enum class WhenWaitedLong : std::uint8_t { close = 1, leave_message = 2 };

// The default rule of a site on a channel (R4). A channel without one has these values.
struct SiteRule {
    Channel channel = Channel::chat;
    WhenNobodyFree when_nobody_free = WhenNobodyFree::queue;
    int waiting_max = 1000;            // 1..10000; one more is refused
    std::chrono::seconds wait_max{0};  // 0: without end
    WhenWaitedLong when_waited_long = WhenWaitedLong::close;

    bool operator==(const SiteRule&) const = default;
};

}  // namespace switchboard
