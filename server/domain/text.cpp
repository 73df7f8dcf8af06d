#include "domain/text.hpp"

#include <cstring>

namespace switchboard {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

// Of each byte, both digits.
constexpr auto hex_of = [] {
    std::array<std::array<char, 2>, 256> pairs{};
    for (std::size_t byte = 0; byte < pairs.size(); ++byte)
        pairs[byte] = {hex_digits[byte >> 4], hex_digits[byte & 15]};
    return pairs;
}();

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_dash_place(std::size_t i) { return i == 8 || i == 13 || i == 18 || i == 23; }

// The length of the well-formed UTF-8 sequence at the start of a text that is not empty; 0 if none.
std::size_t sequence_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    std::size_t length = 0;
    unsigned char low = 0x80;   // bounds of the second byte: no overlong form, no surrogate,
    unsigned char high = 0xBF;  // nothing above U+10FFFF
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) {
        length = 2;
    } else if (first >= 0xE0 && first <= 0xEF) {
        length = 3;
        if (first == 0xE0) low = 0xA0;
        if (first == 0xED) high = 0x9F;
    } else if (first >= 0xF0 && first <= 0xF4) {
        length = 4;
        if (first == 0xF0) low = 0x90;
        if (first == 0xF4) high = 0x8F;
    } else {
        return 0;
    }
    if (text.size() < length || byte(1) < low || byte(1) > high) return 0;
    for (std::size_t i = 2; i < length; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    return length;
}

}  // namespace

bool is_storable_text(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = sequence_length(text);
        if (length == 0 || text.front() == '\0') return false;
        text.remove_prefix(length);
    }
    return true;
}

UuidText to_chars(const std::array<std::uint8_t, 16>& bytes) {
    constexpr std::array<std::size_t, 16> places{
        0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};
    UuidText text;
    text.fill('-');
    for (std::size_t i = 0; i < bytes.size(); ++i)
        std::memcpy(text.data() + places[i], hex_of[bytes[i]].data(), hex_of[bytes[i]].size());
    return text;
}

std::string to_text(const std::array<std::uint8_t, 16>& bytes) {
    const UuidText text = to_chars(bytes);
    return {text.data(), text.size()};
}

std::optional<std::array<std::uint8_t, 16>> parse_uuid(std::string_view text) {
    std::array<std::uint8_t, 16> bytes{};
    if (text.size() != 36) return std::nullopt;
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (is_dash_place(i)) {
            if (text[i] != '-') return std::nullopt;
            continue;
        }
        const int value = hex_value(text[i]);
        if (value < 0) return std::nullopt;
        auto& byte = bytes[digits / 2];
        byte = static_cast<std::uint8_t>((byte << 4) | value);
        ++digits;
    }
    return bytes;
}

std::optional<Time> time_of(const ClientMessageId& id) {
    if ((id.bytes[6] >> 4) != 7) return std::nullopt;
    std::int64_t ms = 0;
    for (std::size_t i = 0; i < 6; ++i)
        ms = (ms << 8) | id.bytes[i];
    return Time(std::chrono::milliseconds(ms));
}

}  // namespace switchboard
