#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>

namespace switchboard {

// An internal id: the position in the tenant's log of the record that created the thing, or for
// what is configured a number given by the database. 0 means "none". Never shown outside.
template <class Tag>
struct Id {
    std::int64_t value = 0;

    auto operator<=>(const Id&) const = default;
    explicit operator bool() const { return value != 0; }
};

using TenantId = Id<struct TenantTag>;
using SiteId = Id<struct SiteTag>;
using GroupId = Id<struct GroupTag>;
using AgentId = Id<struct AgentTag>;
using VisitorId = Id<struct VisitorTag>;
using ConversationId = Id<struct ConversationTag>;
using ClaimId = Id<struct ClaimTag>;
using BlockId = Id<struct BlockTag>;

// Position in a tenant's log: 1, 2, 3… over all records of the tenant. 0 is before the first.
using Pos = std::int64_t;

// Number of an entry within its conversation: 1, 2, 3…
using Seq = std::int32_t;

// 128 bits, big endian. All zero means "none".
template <class Tag>
struct Bits128 {
    std::array<std::uint8_t, 16> bytes{};

    auto operator<=>(const Bits128&) const = default;
    // In two words: what the compiler makes of the default calls a function for 16 bytes.
    bool operator==(const Bits128& other) const {
        const auto mine = std::bit_cast<std::array<std::uint64_t, 2>>(bytes);
        const auto others = std::bit_cast<std::array<std::uint64_t, 2>>(other.bytes);
        return ((mine[0] ^ others[0]) | (mine[1] ^ others[1])) == 0;
    }
    explicit operator bool() const { return *this != Bits128{}; }
};

// What the outside knows a thing by: random, minted at the edge, carried in the command.
using PublicId = Bits128<struct PublicTag>;

// A client's own name for a message, a UUIDv7: the first 48 bits are milliseconds since 1970.
using ClientMessageId = Bits128<struct ClientMessageTag>;

// For hash tables, which find and never order. The end of an outside id is random, and so hash
// enough.
struct IdHash {
    template <class Tag>
    std::size_t operator()(const Id<Tag>& id) const {
        return static_cast<std::size_t>(id.value);
    }
    template <class Tag>
    std::size_t operator()(const Bits128<Tag>& id) const {
        std::size_t end = 0;
        std::memcpy(&end, id.bytes.data() + id.bytes.size() - sizeof end, sizeof end);
        return end;
    }
};

// One start of a server process.
using Incarnation = Bits128<struct IncarnationTag>;

}  // namespace switchboard
