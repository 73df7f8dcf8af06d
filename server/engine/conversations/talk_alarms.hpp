#pragma once

#include <algorithm>
#include <array>
#include <optional>

#include "engine/alarms.hpp"

namespace switchboard {

// What is due by the clock alone of one conversation: an alarm for each of its kinds.
struct TalkAlarms {
    static constexpr AlarmKind first_kind = AlarmKind::agent_gone;
    static constexpr std::size_t kinds = 4;
    static constexpr Time never = Time::max();

    static std::size_t place_of(AlarmKind kind) {
        return static_cast<std::size_t>(kind) - static_cast<std::size_t>(first_kind);
    }

    std::array<Time, kinds> due{never, never, never, never};
    Time ordered = never;  // where it stands in the order of all; never later than it is due

    Time first() const { return *std::ranges::min_element(due); }
    std::optional<Time> find(AlarmKind kind) const {
        const Time at = due.at(place_of(kind));
        return at == never ? std::nullopt : std::optional(at);
    }
};

}  // namespace switchboard
