#include "postgres/commit/watchdog.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::milliseconds soon = 20ms, much_later = 1h;
constexpr int patience_ms = 5000;  // waited for only where the test fails

// A connection whose peer says nothing.
class SilentConnection {
public:
    SilentConnection() {
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends_) != 0) std::abort();
    }
    ~SilentConnection() {
        close(ends_[0]);
        close(ends_[1]);
    }
    SilentConnection(const SilentConnection&) = delete;
    SilentConnection& operator=(const SilentConnection&) = delete;

    int socket() const { return ends_[0]; }

    // Waits for an answer as libpq does; true once the wait was ended.
    bool is_ended() const {
        pollfd wait{socket(), POLLIN, 0};
        return poll(&wait, 1, patience_ms) == 1;
    }

private:
    int ends_[2] = {-1, -1};
};

class WatchdogTest : public ::testing::Test {
protected:
    Counter cuts_;
    Watchdog watchdog_{cuts_};
};

TEST_F(WatchdogTest, CutsEachConnectionThatIsNotAnswered) {
    for (unsigned round = 1; round <= 3; ++round) {
        const SilentConnection connection;
        const Watchdog::Waiting waiting(watchdog_, connection.socket(), soon);
        ASSERT_TRUE(connection.is_ended()) << "round " << round;
    }
    EXPECT_EQ(cuts_.load(), 3U);
}

TEST_F(WatchdogTest, CutsWhoBeganWhileAnotherHadNotYetNoticedItsCut) {
    const SilentConnection slow, next;
    const Watchdog::Waiting slow_to_notice(watchdog_, slow.socket(), soon);
    ASSERT_TRUE(slow.is_ended());
    const Watchdog::Waiting waiting(watchdog_, next.socket(), soon);
    EXPECT_TRUE(next.is_ended());
    EXPECT_EQ(cuts_.load(), 2U);
}

TEST_F(WatchdogTest, CutsWhoHasLessTimeThanThoseBeforeHim) {
    const SilentConnection patient, first, hasty;
    const Watchdog::Waiting patiently(watchdog_, patient.socket(), much_later);
    const Watchdog::Waiting at_first(watchdog_, first.socket(), soon);
    ASSERT_TRUE(first.is_ended());  // From here the watchdog sleeps until much later.
    const Watchdog::Waiting hastily(watchdog_, hasty.socket(), soon);
    EXPECT_TRUE(hasty.is_ended());
    EXPECT_EQ(cuts_.load(), 2U);
}

TEST_F(WatchdogTest, LeavesAloneWhatWasAnsweredInTime) {
    const SilentConnection answered, silent;
    std::optional<Watchdog::Waiting> waiting;
    waiting.emplace(watchdog_, answered.socket(), soon);
    waiting.reset();
    const Watchdog::Waiting later(watchdog_, silent.socket(), soon);
    ASSERT_TRUE(silent.is_ended());  // so the time of the answered one has passed
    pollfd wait{answered.socket(), POLLIN, 0};
    EXPECT_EQ(poll(&wait, 1, 0), 0);
    EXPECT_EQ(cuts_.load(), 1U);
}

}  // namespace
}  // namespace switchboard
