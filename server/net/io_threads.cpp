#include "net/io_threads.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <algorithm>
#include <pthread.h>
#include <string>

namespace switchboard {

struct IoThreads::Context {
    boost::asio::io_context context{1};  // a hint: run by one thread, posted to by all
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> open{
        context.get_executor()};
};

IoThreads::IoThreads(std::size_t count) {
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
        contexts_.push_back(std::make_unique<Context>());
    }
}

// The first context goes last: connections of the others return to it what they held of a listener.
IoThreads::~IoThreads() {
    stop();
    join();
    while (!contexts_.empty())
        contexts_.pop_back();
}

boost::asio::io_context& IoThreads::at(std::size_t index) { return contexts_.at(index)->context; }

void IoThreads::start() {
    for (std::size_t i = 0; i < contexts_.size(); ++i) {
        threads_.emplace_back([context = contexts_[i].get()] { context->context.run(); });
        const std::string name = "io-" + std::to_string(i);
        pthread_setname_np(threads_.back().native_handle(), name.c_str());
    }
}

void IoThreads::stop() {
    for (const auto& context : contexts_)
        context->context.stop();
}

void IoThreads::join() {
    for (std::thread& thread : threads_) {
        if (thread.joinable()) thread.join();
    }
}

}  // namespace switchboard
