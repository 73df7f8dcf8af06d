#pragma once

#include <array>

#include "domain/ids.hpp"

namespace switchboard {

// The numbers of the enumerations in this folder are stored: they never change.

enum class PersonKind : std::uint8_t {
    visitor = 1,
    agent = 2,
    bot = 3,
    manager = 4,
    system = 5,
    site = 6,  // a site's server, by its API key
};

// Somebody in a tenant, by the internal id of his kind: the row of a visitor, the account of an
// agent, a bot or a manager, the number of an API key. The system has id 0.
struct Person {
    PersonKind kind = PersonKind::system;
    std::int64_t id = 0;

    auto operator<=>(const Person&) const = default;
};

inline Person person(VisitorId id) { return {PersonKind::visitor, id.value}; }
inline Person person(AgentId id) { return {PersonKind::agent, id.value}; }

// Of who has one; 0: a visitor, a key or the system, whose ids are of other things.
inline AgentId account_of(const Person& who) {
    const bool has_account = who.kind == PersonKind::agent || who.kind == PersonKind::bot ||
                             who.kind == PersonKind::manager;
    return has_account ? AgentId{who.id} : AgentId{};
}

enum class Channel : std::uint8_t { chat = 1, call = 2, video = 3, messaging = 4 };
inline constexpr std::array channels{
    Channel::chat, Channel::call, Channel::video, Channel::messaging};

}  // namespace switchboard
