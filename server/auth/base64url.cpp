#include "auth/base64url.hpp"

#include <sodium.h>

#include <algorithm>

namespace switchboard {
namespace {

constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;

// libsodium takes some bytes above 127 for digits, so they are refused here.
bool is_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) > 127; });
}

}  // namespace

std::string encode_base64url(std::span<const std::uint8_t> bytes) {
    std::string text(sodium_base64_encoded_len(bytes.size(), variant), '\0');  // with a final NUL
    sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
    text.pop_back();
    return text;
}

bool decode_base64url(std::string_view text, std::span<std::uint8_t> out) {
    if (out.empty()) return text.empty();  // libsodium takes no null pointer
    if (!is_ascii(text)) return false;
    std::size_t length = 0;
    // The end pointer is null: only then is libsodium strict about what follows the last digit.
    const int failed = sodium_base642bin(
        out.data(), out.size(), text.data(), text.size(), nullptr, &length, nullptr, variant);
    return failed == 0 && length == out.size();
}

}  // namespace switchboard
