#pragma once

#include <string>

#include "domain/person.hpp"
#include "domain/time.hpp"

namespace switchboard {

// The colour of an agent on a channel (S1): green, orange, red.
enum class Status : std::uint8_t { available = 1, busy = 2, unavailable = 3 };

// Why an agent has his colour (S2).
enum class Reason : std::uint8_t {
    // green
    ready = 1,
    // orange
    at_capacity = 2,     // no slot is free on the channel
    total_capacity = 3,  // nor, over all channels, within total_max
    wrap_up = 4,         // once those who wrap up are done he is free
    // red
    not_enabled = 5,
    not_connected = 6,
    away = 7,
    // red by intent, until the agent turns it back
    chosen = 8,
    set_by_manager = 9,
    missed_offer = 10,
    unresponsive = 11,
};

enum class Intent : std::uint8_t { available = 1, unavailable = 2 };

// What is wanted of an agent on a channel; survives reconnection and restarts (S6).
struct Wish {
    Intent intent = Intent::available;
    Reason cause = Reason::chosen;  // of an unavailable one: chosen…unresponsive
    std::string text;               // of a chosen break: "lunch"; at most 200 bytes

    bool operator==(const Wish&) const = default;
};

// Whether an agent is there, as last recorded; what a new owner of the tenant knows of him.
enum class Attendance : std::uint8_t { absent = 0, present = 1, away = 2 };

// What watchers are shown of an agent on a channel, but for the slots.
struct Colour {
    Status status = Status::unavailable;
    Reason reason = Reason::not_connected;
    bool reconnecting = false;  // his last connection broke within the grace time: nothing new

    bool operator==(const Colour&) const = default;
};

inline constexpr std::size_t break_text_bytes_max = 200;

// Can a visitor be served now on a channel (S8)?
enum class Availability : std::uint8_t { no = 1, queue = 2, yes = 3 };

}  // namespace switchboard
