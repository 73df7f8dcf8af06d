#pragma once

#include <atomic>
#include <chrono>

namespace switchboard {

// Since when PostgreSQL has owed a lane an answer. The lane writes, any thread reads.
class OwedSince {
public:
    void start() { since_ = now(); }  // something is to be asked, or an answer came and more is
    void start_once() {               // unless it has begun
        if (since_ == 0) start();
    }
    void clear() { since_ = 0; }

    // Zero when nothing is owed.
    std::chrono::nanoseconds age() const {
        const auto since = since_.load();
        return std::chrono::nanoseconds(since == 0 ? 0 : now() - since);
    }

private:
    static std::int64_t now() {
        return std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch())
            .count();
    }

    std::atomic<std::int64_t> since_ = 0;
};

}  // namespace switchboard
