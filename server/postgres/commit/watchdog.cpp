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
    const auto until = Clock::now() + limit;
    bool wake = false;
    {
        const std::lock_guard lock(watchdog_.mutex_);
        watchdog_.watched_.push_back({socket, until});
        wake = until < watchdog_.sleeps_until_;
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
        const auto now = Clock::now();
        std::erase_if(watched_, [&](const Watched& watched) {
            if (watched.until > now) return false;
            ++cuts_;
            ::shutdown(watched.socket, SHUT_RDWR);
            return true;  // once is enough
        });
        if (watched_.empty()) {
            sleeps_until_ = Clock::time_point::max();
            changed_.wait(lock);
        } else {
            sleeps_until_ = std::ranges::min(watched_, {}, &Watched::until).until;
            changed_.wait_until(lock, sleeps_until_);
        }
    }
}

}  // namespace switchboard
