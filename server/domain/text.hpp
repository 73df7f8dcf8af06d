#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace switchboard {

// True when PostgreSQL and protobuf can both keep it whole: UTF-8 by RFC 3629, without U+0000.
bool is_storable_text(std::string_view text);

// The canonical text of 128 bits, as "0190c2f4-6b1e-7c3a-9d55-0123456789ab".
std::string to_text(const std::array<std::uint8_t, 16>& bytes);

// The same without a string of its own, for what is done several times a message.
using UuidText = std::array<char, 36>;
UuidText to_chars(const std::array<std::uint8_t, 16>& bytes);

// The bits of a canonical UUID, in either case; nothing for any other text.
std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text);

template <class Tag>
std::string to_text(const Bits128<Tag>& bits) {
    return to_text(bits.bytes);
}

// When a UUIDv7 says it was made; nothing when it is not of version 7.
std::optional<Time> time_of(const ClientMessageId& id);

}  // namespace switchboard
