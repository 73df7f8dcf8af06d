#include "net/frame_guard.hpp"

#include <algorithm>

namespace switchboard {
namespace {

constexpr std::uint8_t opcode_continuation = 0;
constexpr std::uint8_t opcode_text = 1;
constexpr std::uint8_t opcode_binary = 2;
constexpr std::uint8_t opcode_ping = 9;
constexpr std::uint8_t opcode_pong = 10;
constexpr std::uint8_t mask_key_bytes = 4;

}  // namespace

std::optional<FrameGuard::Offence> FrameGuard::inspect(std::span<const std::uint8_t> bytes) {
    for (std::size_t i = 0; i < bytes.size();) {
        if (header_seen_ == header_size_) {
            const auto skipped = std::min<std::uint64_t>(payload_, bytes.size() - i);
            payload_ -= skipped;
            i += static_cast<std::size_t>(skipped);
            if (payload_ > 0) break;
            header_seen_ = 0;
            continue;
        }
        if (header_seen_ == 0) {
            if (const auto code = judge(bytes[i])) return Offence{.at = i, .code = *code};
        }
        take_header_byte(bytes[i++]);
    }
    return std::nullopt;
}

void FrameGuard::take_header_byte(std::uint8_t byte) {
    if (header_seen_ == 0) {
        header_size_ = 2;
    } else if (header_seen_ == 1) {
        const std::uint8_t length = byte & 0x7f;
        const std::uint8_t key = (byte & 0x80) != 0 ? mask_key_bytes : 0;
        length_bytes_ = length == 127 ? 8 : length == 126 ? 2 : 0;
        header_size_ = static_cast<std::uint8_t>(2 + length_bytes_ + key);
        payload_ = length_bytes_ == 0 ? length : 0;
    } else if (header_seen_ < 2 + length_bytes_) {
        payload_ = payload_ << 8 | byte;
    }
    ++header_seen_;
}

std::optional<CloseCode> FrameGuard::judge(std::uint8_t first_byte) {
    switch (first_byte & 0x0f) {
        case opcode_text:
        case opcode_binary:
            if (((first_byte & 0x0f) == opcode_text) != rules_.text) {
                return CloseCode::not_the_subprotocol;
            }
            message_frames_ = 1;
            return std::nullopt;
        case opcode_continuation:
            if (++message_frames_ > rules_.message_frames_max) return CloseCode::flood;
            return std::nullopt;
        case opcode_ping:
        case opcode_pong:
            if (is_control_flood()) return CloseCode::flood;
            return std::nullopt;
        default:
            return std::nullopt;
    }
}

// The clock is read for control frames only, which are rare.
bool FrameGuard::is_control_flood() {
    const Time now = std::chrono::steady_clock::now();
    if (now - control_since_ >= std::chrono::seconds(1)) {
        control_since_ = now;
        control_frames_ = 0;
    }
    return ++control_frames_ > rules_.control_frames_per_second_max;
}

}  // namespace switchboard
