#include "postgres/commit/watchdog.hpp"

#include <algorithm>
#include <sys/socket.h>

namespace switchboard {

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

Watchdog::Waiting::Waiting(Watchdog& watchdog, int socket, std::chrono::milliseconds limit)
    : watchdog_(watchdog), socket_(socket) {
    bool wake = false;
    {
        const std::lock_guard lock(watchdog_.mutex_);
        watchdog_.watched_.push_back({socket, Clock::now() + limit});
        wake = watchdog_.idle_;
    }
    if (wake) watchdog_.changed_.notify_one();
}

Watchdog::Waiting::~Waiting() {
    const std::lock_guard lock(watchdog_.mutex_);
    std::erase_if(watchdog_.watched_, [&](const Watched& w) { return w.socket == socket_; });
}

// A wait that ended early is found out when its time would have come: a statement costs no wake-up.
void Watchdog::watch() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        if (watched_.empty()) {
            idle_ = true;
            changed_.wait(lock);
            idle_ = false;
            continue;
        }
        const auto next = std::ranges::min(watched_, {}, &Watched::until).until;
        if (changed_.wait_until(lock, next) == std::cv_status::no_timeout) continue;
        const auto now = Clock::now();
        for (Watched& watched : watched_) {
            if (watched.until > now) continue;
            ::shutdown(watched.socket, SHUT_RDWR);
            watched.until = Clock::time_point::max();  // once is enough
            ++cuts_;
        }
    }
}

}  // namespace switchboard
