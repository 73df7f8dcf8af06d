#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace switchboard {

// 256 bits: of SHA-256 or HMAC-SHA256.
using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view text);

// A key of any length; ours have 32 bytes or more.
Digest hmac_sha256(std::string_view key, std::string_view text);

// The time taken does not depend on the content. For every comparison with a secret.
bool are_equal(const Digest& left, const Digest& right);

}  // namespace switchboard
