#include "app/loop_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

#include "net/io_threads.hpp"

namespace switchboard {

namespace asio = boost::asio;

LoopWatch::LoopWatch(IoThreads& threads, HistogramMetric lag) : lag_(lag) {
    for (std::size_t i = 0; i < threads.size(); ++i) {
        last_.push_back(std::make_unique<Tick>(Clock::now().time_since_epoch().count()));
        asio::co_spawn(threads.at(i), run(*last_.back()), asio::detached);
    }
}

std::chrono::nanoseconds LoopWatch::oldest_tick() const {
    Clock::rep oldest = Clock::now().time_since_epoch().count();
    for (const auto& tick : last_)
        oldest = std::min(oldest, tick->load());
    return Clock::now().time_since_epoch() - Clock::duration(oldest);
}

asio::awaitable<void> LoopWatch::run(Tick& last) {
    constexpr std::chrono::milliseconds period{100};
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        const auto due = Clock::now() + period;
        timer.expires_at(due);
        co_await timer.async_wait(asio::use_awaitable);
        const auto now = Clock::now();
        lag_.observe(now - due);
        last = now.time_since_epoch().count();
    }
}

}  // namespace switchboard
