#pragma once

#include <string_view>

#include "engine/people/staff.hpp"

namespace switchboard {

// What becomes of a conversation whose agent disappeared.
enum class AfterAgent : std::uint8_t { reassigned, queued, kept };

// The codes of one cause, one for everything that is possible.
struct AgentGoneCodes {
    std::string_view reassigned;
    std::string_view queued;
    std::string_view kept;

    constexpr std::string_view of(AfterAgent after) const {
        switch (after) {
            case AfterAgent::reassigned:
                return reassigned;
            case AfterAgent::queued:
                return queued;
            case AfterAgent::kept:
                return kept;
        }
        return {};
    }
};

// The system code of a cause with what became of the conversation (K12). Neither switch has a
// default: a cause or a possibility that is added without its codes does not compile.
constexpr std::string_view code_of(AgentGone cause, AfterAgent after) {
    switch (cause) {
        case AgentGone::not_connected:
            return AgentGoneCodes{"agent_lost_reassigned", "agent_lost_queued", "agent_lost_kept"}
                .of(after);
        case AgentGone::logged_out:
            return AgentGoneCodes{"agent_left_reassigned", "agent_left_queued", "agent_left_kept"}
                .of(after);
        case AgentGone::unresponsive:
            return AgentGoneCodes{"agent_unresponsive_reassigned",
                                  "agent_unresponsive_queued",
                                  "agent_unresponsive_kept"}
                .of(after);
        case AgentGone::disabled:
            return AgentGoneCodes{
                "agent_disabled_reassigned", "agent_disabled_queued", "agent_disabled_kept"}
                .of(after);
    }
    return {};
}

}  // namespace switchboard
