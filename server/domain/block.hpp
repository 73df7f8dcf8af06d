#pragma once

#include <optional>
#include <string>

#include "domain/person.hpp"
#include "domain/time.hpp"

namespace switchboard {

// A visitor who is not served (B1); gone from memory once lifted or expired.
struct Block {
    BlockId id;  // the pos of its record
    PublicId public_id;
    VisitorId visitor;
    PublicId visitor_public_id;
    std::string visitor_name;
    Person by;
    std::string reason;  // at most 500 bytes
    Time at;
    std::optional<Time> expires_at;

    bool operator==(const Block&) const = default;
};

inline constexpr std::size_t block_reason_bytes_max = 500;

// Why a contact came to nothing, for the reports.
enum class Missed : std::uint8_t { busy = 1, absent = 2, blocked = 3, full = 4 };

}  // namespace switchboard
