#pragma once

#include <array>
#include <string_view>

#include "engine/people/staff.hpp"

namespace switchboard {

// What becomes of a conversation whose agent disappeared.
enum class AfterAgent : std::uint8_t { reassigned, queued, kept };

inline constexpr std::array<std::array<std::string_view, 3>, 4> agent_gone_codes{{
    {"agent_lost_reassigned", "agent_lost_queued", "agent_lost_kept"},
    {"agent_left_reassigned", "agent_left_queued", "agent_left_kept"},
    {"agent_unresponsive_reassigned", "agent_unresponsive_queued", "agent_unresponsive_kept"},
    {"agent_disabled_reassigned", "agent_disabled_queued", "agent_disabled_kept"},
}};

consteval bool has_every_code() {
    for (const auto& of_cause : agent_gone_codes) {
        for (const auto code : of_cause) {
            if (code.empty()) return false;
        }
    }
    return true;
}
static_assert(has_every_code(), "every cause needs a code for everything that is possible (K12)");

// The system code of a cause with what became of the conversation.
constexpr std::string_view code_of(AgentGone cause, AfterAgent after) {
    return agent_gone_codes.at(static_cast<std::size_t>(cause)).at(static_cast<std::size_t>(after));
}

}  // namespace switchboard
