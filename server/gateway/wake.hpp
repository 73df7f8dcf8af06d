#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace switchboard {

// Lets one coroutine wait until somebody on its thread has something for it. Calls of notify()
// between two waits count as one; one before wait() makes it return at once.
//
// A timer that never expires: a third of a channel's memory.
class Wake {
public:
    explicit Wake(const boost::asio::any_io_executor& executor)
        : timer_(executor, boost::asio::steady_timer::time_point::max()) {}

    void notify() {
        if (is_notified_) return;
        is_notified_ = true;
        timer_.cancel();
    }

    boost::asio::awaitable<void> wait() {
        if (!is_notified_)
            co_await timer_.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
        is_notified_ = false;
    }

private:
    boost::asio::steady_timer timer_;
    bool is_notified_ = false;
};

}  // namespace switchboard
