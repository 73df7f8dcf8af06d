#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "wire/encode.hpp"

namespace switchboard {

// Calls the connections of one I/O thread once a second each, a sixteenth of them at a time, so
// that none needs a timer and all together never stop the thread for long. One thread.
class Pulse {
public:
    static constexpr std::size_t slices = 16;
    static constexpr std::chrono::microseconds interval{1'000'000 / slices};  // between two beats

    class Member {
    public:
        virtual void tick(Time now) = 0;
        // Asks the client to come back after a while, and closes at `close_at` as restarting.
        virtual void go_away(const GoAway& go_away, Time close_at) = 0;

    protected:
        ~Member() = default;

    private:
        friend class Pulse;
        std::size_t slice_ = 0;
        std::size_t index_ = 0;  // in that slice
    };

    // A member may not come or go within tick().
    void add(Member& member);
    void remove(Member& member);

    // The next slice's turn.
    void beat(Time now);

    std::size_t size() const { return size_; }
    template <class Visit>
    void for_each(Visit visit) {
        for (auto& slice : slices_) {
            for (auto* member : slice)
                visit(*member);
        }
    }

private:
    std::array<std::vector<Member*>, slices> slices_;
    std::size_t next_to_join_ = 0;
    std::size_t next_to_beat_ = 0;
    std::size_t size_ = 0;
};

}  // namespace switchboard
