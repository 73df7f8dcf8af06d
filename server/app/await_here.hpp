#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <utility>

namespace switchboard {

// Runs a coroutine to its end on this thread: for the command line.
template <class T>
T await_here(boost::asio::awaitable<T> work) {
    static boost::asio::io_context io;  // stays: who resumes the coroutine may not be done with it
    io.restart();
    auto result = boost::asio::co_spawn(io, std::move(work), boost::asio::use_future);
    io.run();
    return result.get();
}

}  // namespace switchboard
