#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vector>

#include "integration/net/raw_client.hpp"
#include "integration/net/test_server.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view plain_get = "GET /seen HTTP/1.1\r\nHost: h\r\n\r\n";

// An upgrade as a proxy passes it on.
std::string forwarded(std::string_view addresses) {
    return "X-Forwarded-For: " + std::string(addresses) + "\r\n";
}

TEST(ListenerTest, HandsConnectionsToAllThreadsInTurnAndEachStaysOnItsOwn) {
    TestServer server(TestServer::generous(), 4);
    std::vector<RawClient> clients;
    for (int i = 0; i < 32; ++i) {
        clients.emplace_back(server.port());
        ASSERT_EQ(status_of(clients.back().upgrade("test.binary")), 101);
    }
    for (int round = 0; round < 20; ++round) {
        for (RawClient& client : clients)
            client.send_binary(std::to_string(round));
        for (RawClient& client : clients) {
            ASSERT_EQ(client.read_frame().value_or(RawFrame{}).payload, std::to_string(round));
        }
    }
    EXPECT_EQ(server.echo_threads().size(), 4U);
    EXPECT_FALSE(server.changed_thread);
    EXPECT_EQ(server.stats().web_sockets, 32);
}

TEST(ListenerTest, AnswersOneAddressThatHoldsTooMany) {
    ListenerSettings settings = TestServer::generous();
    settings.per_ip.sockets_max = 2;
    TestServer server(settings, 2);
    std::optional<RawClient> first(server.port());
    RawClient second(server.port());
    ASSERT_EQ(status_of(first->upgrade("test.binary")), 101);
    ASSERT_EQ(status_of(second.upgrade("test.binary")), 101);

    RawClient third(server.port());
    const std::string refusal = third.upgrade("test.binary");
    EXPECT_EQ(status_of(refusal), 429);
    EXPECT_NE(refusal.find("Retry-After: "), std::string::npos);
    EXPECT_EQ(server.stats().crowded, 1U);

    first.reset();
    ASSERT_TRUE(TestServer::reaches(server.stats().connections, std::int64_t{1}));
    int status = 429;  // The slot is given back on the accepting thread, a moment later.
    while (status == 429) {
        RawClient fourth(server.port());
        status = status_of(fourth.upgrade("test.binary"));
    }
    EXPECT_EQ(status, 101);
}

TEST(ListenerTest, LimitsClientsBehindATrustedProxyEachByItsOwnAddress) {
    ListenerSettings settings = TestServer::generous();
    settings.per_ip.sockets_max = 1;
    settings.trusted_proxies = {"127.0.0.1"};
    TestServer server(settings, 2);
    RawClient ann(server.port());
    RawClient ann_again(server.port());
    RawClient bob(server.port());
    EXPECT_EQ(status_of(ann.upgrade("test.binary", "/", forwarded("10.0.0.9, 10.0.0.1"))), 101);
    EXPECT_EQ(status_of(ann_again.upgrade("test.binary", "/", forwarded("10.0.0.1"))), 429);
    EXPECT_EQ(status_of(bob.upgrade("test.binary", "/", forwarded("10.0.0.1, 10.0.0.2"))), 101);
    EXPECT_EQ(server.last_upgrade(), "/   test.binary 10.0.0.2");
}

TEST(ListenerTest, BelievesNobodyElseAboutTheAddress) {
    TestServer server(TestServer::generous());
    RawClient client(server.port());
    EXPECT_EQ(status_of(client.upgrade("test.binary", "/", forwarded("10.0.0.1"))), 101);
    EXPECT_EQ(server.last_upgrade(), "/   test.binary 127.0.0.1");
}

TEST(ListenerTest, BoundsHandshakesInProgress) {
    ListenerSettings settings = TestServer::generous();
    settings.handshakes_max = 3;
    TestServer server(settings);
    std::vector<RawClient> slow;
    for (int i = 0; i < 3; ++i)
        slow.emplace_back(server.port());
    ASSERT_TRUE(TestServer::reaches(server.stats().handshakes, std::int64_t{3}));

    RawClient refused(server.port());
    const std::string response = refused.read_response();
    EXPECT_EQ(status_of(response), 503);
    EXPECT_NE(response.find("Retry-After: "), std::string::npos);

    for (RawClient& client : slow) {
        client.send(plain_get);
        EXPECT_EQ(status_of(client.read_response()), 200);
    }
    ASSERT_TRUE(TestServer::reaches(server.stats().handshakes, std::int64_t{0}));
    RawClient served(server.port());
    EXPECT_EQ(status_of(served.upgrade("test.binary")), 101);
}

TEST(ListenerTest, HurriesSlowHandshakesWhenTheyPileUp) {
    ListenerSettings settings = TestServer::generous();
    settings.handshakes_max = 3;
    settings.http.header_timeout = 1'000ms;
    TestServer server(settings);
    RawClient patient(server.port());
    ASSERT_TRUE(TestServer::reaches(server.stats().handshakes, std::int64_t{1}));
    RawClient hurried(server.port());
    EXPECT_TRUE(hurried.sees_the_end());
    EXPECT_TRUE(TestServer::reaches(server.stats().handshakes, std::int64_t{1}));
    patient.send(plain_get);
    EXPECT_EQ(status_of(patient.read_response()), 200);
}

TEST(ListenerTest, StopsAcceptingAndLetsRequestsAndSocketsFinish) {
    TestServer server(TestServer::generous());
    RawClient socket(server.port());
    ASSERT_EQ(status_of(socket.upgrade("test.binary")), 101);
    RawClient http(server.port());
    http.send(plain_get);
    ASSERT_EQ(status_of(http.read_response()), 200);

    server.listener().stop();
    http.send(plain_get);
    EXPECT_NE(http.read_response().find("Connection: close"), std::string::npos);
    EXPECT_TRUE(http.sees_the_end());
    socket.send_binary("still here");
    EXPECT_EQ(socket.read_frame().value_or(RawFrame{}).payload, "still here");
    RawClient late(server.port());
    EXPECT_FALSE(late.send(plain_get) && status_of(late.read_response()) != 0);
}

TEST(ListenerTest, CannotBindAPortThatIsTaken) {
    TestServer server(TestServer::generous());
    IoThreads threads(1);
    ListenerSettings settings;
    settings.port = server.port();
    EXPECT_THROW(Listener(threads, settings, Handlers{}), boost::system::system_error);
}

// Lowers the limit of open descriptors while it lives.
class DescriptorLimit {
public:
    explicit DescriptorLimit(rlim_t limit) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        rlimit lower = before_;
        lower.rlim_cur = limit;
        ::setrlimit(RLIMIT_NOFILE, &lower);
    }
    ~DescriptorLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

TEST(ListenerTest, PausesBeforeDescriptorsRunOut) {
    ListenerSettings settings = TestServer::generous();
    settings.back_off = 10ms;
    TestServer server(settings);
    const DescriptorLimit limit(100);
    std::vector<RawClient> clients;
    std::string answer;
    for (int i = 0; i < 50 && status_of(answer) != 503; ++i) {  // Two descriptors each, in here.
        clients.emplace_back(server.port());
        answer = clients.back().upgrade("test.binary");
    }
    EXPECT_EQ(status_of(answer), 503);
    EXPECT_EQ(server.stats().accept_failures, 0U);

    clients.clear();
    ASSERT_TRUE(TestServer::reaches(server.stats().connections, std::int64_t{0}));
    RawClient served(server.port());
    EXPECT_EQ(status_of(served.upgrade("test.binary")), 101);
}

TEST(ListenerTest, OutOfDescriptorsItDropsTheCallerAndDoesNotSpin) {
    ListenerSettings settings = TestServer::generous();
    settings.back_off = 50ms;
    settings.descriptors_percent_max = 100;
    TestServer server(settings);
    RawClient caller(server.port());
    ASSERT_EQ(status_of(caller.upgrade("test.binary")), 101);
    {
        std::vector<int> all;
        const DescriptorLimit limit(64);
        for (int got = 0; (got = ::open("/dev/null", O_RDONLY | O_CLOEXEC)) >= 0;) {
            all.push_back(got);
        }
        ::close(all.back());
        all.pop_back();
        RawClient dropped(server.port());  // takes the last one: none is left for accept()
        EXPECT_TRUE(dropped.sees_the_end());
        EXPECT_TRUE(TestServer::reaches(server.stats().accept_failures, std::uint64_t{1}));
        for (const int descriptor : all)
            ::close(descriptor);
    }
    EXPECT_LE(server.stats().accept_failures, 2U);
    RawClient served(server.port());
    EXPECT_EQ(status_of(served.upgrade("test.binary")), 101);
}

TEST(IpLimitsTest, RefillsWithTimeAndTreatsAnIpv6NetworkAsOneClient) {
    IpLimits limits({.sockets_max = 5, .new_per_second = 10, .burst = 3});
    IpLimits::Time now{};
    now += 1h;
    const auto one = boost::asio::ip::make_address("2001:db8::1");
    const auto other = boost::asio::ip::make_address("2001:db8::2");
    const auto stranger = boost::asio::ip::make_address("2001:db8:0:1::1");
    EXPECT_TRUE(limits.admit(one, now));
    EXPECT_TRUE(limits.admit(other, now));
    EXPECT_TRUE(limits.admit(one, now));
    EXPECT_FALSE(limits.admit(other, now)) << "the burst is used up";
    EXPECT_TRUE(limits.admit(stranger, now));
    now += 100ms;
    EXPECT_TRUE(limits.admit(one, now));
    now += 1'000ms;
    EXPECT_TRUE(limits.admit(one, now));
    EXPECT_FALSE(limits.admit(one, now)) << "five are held";
    limits.release(other);
    EXPECT_TRUE(limits.admit(one, now));
}

TEST(IpLimitsTest, ForgetsWhoHoldsNothingAndRefusesNewcomersWhenFull) {
    IpLimits limits({.addresses_max = 2'000});
    IpLimits::Time now{};
    now += 1h;
    for (std::uint32_t i = 0; i < 2'000; ++i) {
        const boost::asio::ip::address_v4 address(0x0a000000 + i);
        ASSERT_TRUE(limits.admit(address, now)) << i;
        if (i >= 1'000) limits.release(address);
    }
    EXPECT_FALSE(limits.admit(boost::asio::ip::address_v4(1), now));
    EXPECT_TRUE(limits.admit(boost::asio::ip::address_v4(1), now + 1'000ms));
    EXPECT_EQ(limits.addresses(), 1'001U);
}

}  // namespace
}  // namespace switchboard
