#pragma once

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

#include "metrics/registry.hpp"

namespace switchboard {

class IoThreads;

// A timer on each I/O thread that says how late it is served. What it shows is the wait of any
// other work there; a thread that blocks shows at once in oldest_tick(), for the lease.
class LoopWatch {
public:
    // Begins when the threads do. `threads` must outlive it, and it their stop.
    LoopWatch(IoThreads& threads, HistogramMetric lag);

    // How long ago the thread that is furthest behind was seen alive; some 0.1 s when all are well.
    // Any thread.
    std::chrono::nanoseconds oldest_tick() const;

private:
    using Clock = std::chrono::steady_clock;
    using Tick = std::atomic<Clock::rep>;

    boost::asio::awaitable<void> run(Tick& last);

    HistogramMetric lag_;
    std::vector<std::unique_ptr<Tick>> last_;  // one per I/O thread: when it was seen alive
};

}  // namespace switchboard
