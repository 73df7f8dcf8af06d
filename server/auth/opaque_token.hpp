#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/digest.hpp"

namespace switchboard {

// 256 random bits that mean nothing by themselves: a login session, a ticket. Only the digest is
// kept, so that a stolen table opens no door.
struct OpaqueToken {
    std::string text;  // 43 characters of base64url: given to its bearer once, never kept
    Digest digest{};   // SHA-256 of the text: what we know the token by
};

OpaqueToken mint_opaque_token();

// The digest of a text that has a token's shape; nothing for any other.
std::optional<Digest> digest_of_token(std::string_view text);

}  // namespace switchboard
