#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "domain/errors.hpp"

namespace switchboard {

// Looks at the raw bytes a WebSocket peer sends, for what Beast lets pass: a data frame of the
// wrong kind, a message in too many frames, too many pings. It judges by the first byte of a frame
// and skips the rest; everything else that is illegal is left to Beast. Pure.
class FrameGuard {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Rules {
        bool text = false;  // the one kind of message allowed, else binary
        int message_frames_max = 64;
        int control_frames_per_second_max = 10;
    };

    struct Offence {
        std::size_t at = 0;  // index of the first byte of the frame that is one too many
        CloseCode code = CloseCode::normal;
    };

    explicit FrameGuard(Rules rules) : rules_(rules) {}

    // Takes the next bytes of the stream, cut anywhere. After an offence it must not be asked
    // again.
    std::optional<Offence> inspect(std::span<const std::uint8_t> bytes);

private:
    std::optional<CloseCode> judge(std::uint8_t first_byte);
    bool is_control_flood();
    void take_header_byte(std::uint8_t byte);

    Rules rules_;
    std::uint64_t payload_ = 0;      // bytes left of the frame, once its header is complete
    std::uint8_t header_seen_ = 0;   // bytes of the header so far; 0 between frames
    std::uint8_t length_bytes_ = 0;  // that follow the second byte: 0, 2 or 8
    std::uint8_t header_size_ = 2;
    int message_frames_ = 0;
    int control_frames_ = 0;  // in the second that began then
    Time control_since_{};
};

}  // namespace switchboard
