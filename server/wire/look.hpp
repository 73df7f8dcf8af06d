#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/entry.hpp"

namespace switchboard {

enum class Encoding : std::uint8_t { binary, json };

inline constexpr std::string_view binary_subprotocol = "switchboard.v1.proto";
inline constexpr std::string_view json_subprotocol = "switchboard.v1.json";

// The kinds of entry a client can show. Every client shows texts.
class KindSet {
public:
    void add(EntryKind kind) { bits_ = static_cast<std::uint8_t>(bits_ | bit(kind)); }
    bool has(EntryKind kind) const { return (bits_ & bit(kind)) != 0; }

private:
    static unsigned bit(EntryKind kind) { return 1U << static_cast<unsigned>(kind); }

    std::uint8_t bits_ = 1U << static_cast<unsigned>(EntryKind::text);
};

// What makes two receivers see the same publication as the same bytes.
struct Look {
    Encoding encoding = Encoding::json;
    Visibility audience = Visibility::all;  // all: a visitor; agents: anybody of the tenant
    KindSet kinds;
};

}  // namespace switchboard
