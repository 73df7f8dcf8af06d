#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "postgres/commit/commit_counters.hpp"

namespace switchboard {

// Cuts a connection whose answer does not come: libpq would wait for ever. One thread for all.
class Watchdog {
public:
    explicit Watchdog(Counter& cuts) : cuts_(cuts), thread_([this] { watch(); }) {}
    ~Watchdog();

    // For as long as this lives, the socket is being waited on; after `limit` it is shut down, so
    // that the wait ends as that of a lost connection. It must not be closed before this ends.
    class Waiting {
    public:
        Waiting(Watchdog& watchdog, int socket, std::chrono::milliseconds limit);
        ~Waiting();
        Waiting(const Waiting&) = delete;
        Waiting& operator=(const Waiting&) = delete;

    private:
        Watchdog& watchdog_;
        int socket_;
    };

private:
    using Clock = std::chrono::steady_clock;
    struct Watched {
        int socket;
        Clock::time_point until;
    };

    void watch();

    Counter& cuts_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Watched> watched_;  // not yet cut; a few at most: one per lane
    Clock::time_point sleeps_until_ = Clock::time_point::max();  // the thread, unless it is woken
    bool stopped_ = false;
    std::thread thread_;
};

}  // namespace switchboard
