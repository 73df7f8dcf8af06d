#pragma once

#include <boost/asio/io_context.hpp>

#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

namespace switchboard {

// The I/O threads of a process: each runs its own io_context, so what belongs to one of them needs
// no lock. They are named io-0, io-1…
class IoThreads {
public:
    explicit IoThreads(std::size_t count);  // at least 1
    ~IoThreads();                           // stops and joins; then drops all pending work

    IoThreads(const IoThreads&) = delete;
    IoThreads& operator=(const IoThreads&) = delete;

    void start();  // once
    void stop();   // they end soon, with work undone; from any thread
    void join();   // waits for that; not from an I/O thread

    std::size_t size() const { return contexts_.size(); }
    boost::asio::io_context& at(std::size_t index);

private:
    struct Context;
    std::vector<std::unique_ptr<Context>> contexts_;
    std::vector<std::thread> threads_;
};

}  // namespace switchboard
