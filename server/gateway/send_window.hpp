#pragma once

#include "wire/client_frame.hpp"

namespace switchboard {

// The commands of one connection that are not answered yet: at most in_flight_max.
class SendWindow {
public:
    // False when it is full; the command is then refused as too_many_in_flight.
    bool take() {
        if (unanswered_ >= in_flight_max) return false;
        ++unanswered_;
        return true;
    }

    void give_back() { --unanswered_; }

private:
    int unanswered_ = 0;
};

}  // namespace switchboard
