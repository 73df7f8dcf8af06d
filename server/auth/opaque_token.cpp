#include "auth/opaque_token.hpp"

#include "auth/base64url.hpp"
#include "auth/random.hpp"

namespace switchboard {

OpaqueToken mint_opaque_token() {
    std::array<std::uint8_t, 32> bits{};
    fill_random(bits);
    std::string text = encode_base64url(bits);
    const Digest digest = sha256(text);
    return {std::move(text), digest};
}

std::optional<Digest> digest_of_token(std::string_view text) {
    std::array<std::uint8_t, 32> bits{};
    if (!decode_base64url(text, bits)) return std::nullopt;
    return sha256(text);
}

}  // namespace switchboard
