#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace switchboard {

// Runs a coroutine to its end on this thread. The loop stays: whoever resumed the coroutine from
// another thread may not be done with it yet.
template <class T>
T await_result(boost::asio::awaitable<T> work) {
    thread_local boost::asio::io_context context;
    context.restart();
    auto result = boost::asio::co_spawn(context, std::move(work), boost::asio::use_future);
    context.run();
    return result.get();
}

}  // namespace switchboard
