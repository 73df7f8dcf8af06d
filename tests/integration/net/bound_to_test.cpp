#include "net/bound_to.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace switchboard {
namespace {

struct Ending {
    explicit Ending(std::thread::id& ended_on) : on(ended_on) {}
    ~Ending() { on = std::this_thread::get_id(); }
    std::thread::id& on;
};

TEST(BoundTo, EndsOnItsThreadWhoeverLetsGoOfItLast) {
    boost::asio::io_context context;
    std::thread::id ended_on;
    auto thing = bound_to(context, std::make_unique<Ending>(ended_on));
    thing.reset();
    EXPECT_EQ(ended_on, std::thread::id()) << "nobody runs it yet";
    std::jthread thread([&] { context.run(); });
    const auto home = thread.get_id();
    thread.join();
    EXPECT_EQ(ended_on, home);
}

TEST(BoundTo, EndsAtOnceOnItsOwnThread) {
    boost::asio::io_context context;
    std::thread::id ended_on;
    boost::asio::dispatch(context, [&] {
        bound_to(context, std::make_unique<Ending>(ended_on)).reset();
        EXPECT_EQ(ended_on, std::this_thread::get_id());
    });
    EXPECT_EQ(context.run(), 1U);
}

TEST(BoundTo, EndsWithAContextThatRunsNoMore) {
    std::thread::id ended_on;
    {
        boost::asio::io_context context;
        context.stop();
        bound_to(context, std::make_unique<Ending>(ended_on)).reset();
        EXPECT_EQ(ended_on, std::thread::id());
    }
    EXPECT_EQ(ended_on, std::this_thread::get_id());
}

}  // namespace
}  // namespace switchboard
