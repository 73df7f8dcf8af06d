#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace switchboard {

// RFC 4648 section 5, without padding.
std::string encode_base64url(std::span<const std::uint8_t> bytes);

// Fills `out`, when `text` is the one canonical encoding of exactly so many bytes; else false, and
// `out` is worthless. Padding, other alphabets, white space and loose trailing bits are refused.
bool decode_base64url(std::string_view text, std::span<std::uint8_t> out);

}  // namespace switchboard
