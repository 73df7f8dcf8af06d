#include "net/io_threads.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>
#include <pthread.h>
#include <string>

namespace switchboard {

struct IoThreads::Context : boost::asio::io_context {
    Context() : io_context(1) {}  // a hint: run by one thread, posted to by all

    void drop_work() { shutdown(); }

    boost::asio::executor_work_guard<executor_type> open{get_executor()};
};

IoThreads::IoThreads(std::size_t count) {
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
        contexts_.push_back(std::make_unique<Context>());
    }
}

// Work that waits in one context may hold sockets of another, or post to it as it is dropped: so
// all of it goes before the first context does.
IoThreads::~IoThreads() {
    stop();
    join();
    for (const auto& context : contexts_)
        context->drop_work();
}

boost::asio::io_context& IoThreads::at(std::size_t index) { return *contexts_.at(index); }

void IoThreads::start() {
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
        threads_.emplace_back([context = contexts_[i].get()] { context->run(); });
        const std::string name = "io-" + std::to_string(i);
        pthread_setname_np(threads_.back().native_handle(), name.c_str());
    }
}

void IoThreads::stop() {
    for (const auto& context : contexts_)
        context->stop();
}

void IoThreads::join() {
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

}  // namespace switchboard
