#pragma once

#include "domain/ids.hpp"

namespace switchboard {

// The numbers of the enumerations in this folder are stored: they never change.

enum class PersonKind : std::uint8_t { visitor = 1, agent = 2, bot = 3, manager = 4, system = 5 };

// Somebody in a tenant, by the internal id of his kind; the system has id 0.
struct Person {
    PersonKind kind = PersonKind::system;
    std::int64_t id = 0;

    auto operator<=>(const Person&) const = default;
};

inline Person person(VisitorId id) { return {PersonKind::visitor, id.value}; }
inline Person person(AgentId id) { return {PersonKind::agent, id.value}; }

enum class Channel : std::uint8_t { chat = 1, call = 2, video = 3, messaging = 4 };

}  // namespace switchboard
