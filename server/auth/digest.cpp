#include "auth/digest.hpp"

#include <sodium.h>

namespace switchboard {
namespace {

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Digest sha256(std::string_view text) {
    Digest digest;
    crypto_hash_sha256(digest.data(), bytes_of(text), text.size());
    return digest;
}

Digest hmac_sha256(std::string_view key, std::string_view text) {
    Digest digest;
    crypto_auth_hmacsha256_state state;
    crypto_auth_hmacsha256_init(&state, bytes_of(key), key.size());
    crypto_auth_hmacsha256_update(&state, bytes_of(text), text.size());
    crypto_auth_hmacsha256_final(&state, digest.data());
    sodium_memzero(&state, sizeof state);
    return digest;
}

bool are_equal(const Digest& left, const Digest& right) {
    return sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace switchboard
