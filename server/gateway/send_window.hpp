#pragma once

#include <algorithm>
#include <array>

#include "wire/client_frame.hpp"

namespace switchboard {

// The commands of one connection that are not answered yet: at most in_flight_max, and beyond them
// only confirmations, confirmations_max of them: an agent whose commands wait for us is not silent.
class SendWindow {
public:
    enum class Kind {
        answered,
        quiet,  // has no reply when all went well
        confirmation,
    };

    // False when it is full; the command is then refused as too_many_in_flight.
    bool take(std::uint32_t id, Kind kind) {
        const int more = kind == Kind::confirmation ? confirmations_max : 0;
        if (unanswered_ >= in_flight_max + more) return false;
        ++unanswered_;
        if (kind == Kind::quiet) *std::ranges::find(quiet_, 0U) = id;
        return true;
    }

    // It is answered. Whether it was a quiet one.
    bool give_back(std::uint32_t id) {
        --unanswered_;
        const auto found = std::ranges::find(quiet_, id);
        const bool is_quiet = found != quiet_.end();
        if (is_quiet) *found = 0;
        return is_quiet;
    }

private:
    int unanswered_ = 0;
    std::array<std::uint32_t, in_flight_max> quiet_{};  // the ids of those among them; 0: none
};

}  // namespace switchboard
