#include "auth/socket_tickets.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "auth/opaque_token.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

const Time noon(1'800'000'000s);

SignedIn bearer(const std::string& session) {
    return {.principal = {.tenant = {7},
                          .role = Role::agent,
                          .person = person(AgentId{3}),
                          .public_id = {}},
            .session = sha256(session),
            .ends_at = noon + 1h};
}

TEST(SocketTickets, AreGoodOnce) {
    SocketTickets tickets({});
    const auto ticket = tickets.issue(bearer("a"), noon);
    ASSERT_TRUE(ticket);
    const auto who = tickets.redeem(*ticket, noon + 29s);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->principal, bearer("a").principal);
    EXPECT_EQ(who->session, bearer("a").session);
    EXPECT_EQ(tickets.redeem(*ticket, noon + 29s).error(), AuthError::denied);
    EXPECT_EQ(tickets.size(), 0U);
}

TEST(SocketTickets, ExpireAfterHalfAMinuteAndAreGone) {
    SocketTickets tickets({});
    const auto ticket = tickets.issue(bearer("a"), noon);
    EXPECT_EQ(tickets.redeem(*ticket, noon + 30s).error(), AuthError::denied);
    EXPECT_EQ(tickets.redeem(*ticket, noon).error(), AuthError::denied);
}

TEST(SocketTickets, AreNotGuessedNorDecoded) {
    SocketTickets tickets({});
    const std::string ticket = *tickets.issue(bearer("a"), noon);
    for (const std::string& other : {std::string(),
                                     mint_opaque_token().text,
                                     ticket + "=",
                                     ticket.substr(1),
                                     std::string(1 << 20, 'A')}) {
        EXPECT_EQ(tickets.redeem(other, noon).error(), AuthError::denied);
    }
    EXPECT_TRUE(tickets.redeem(ticket, noon));
}

TEST(SocketTickets, OfOneSessionReplaceItsOldest) {
    SocketTickets tickets({});
    const std::string of_other = *tickets.issue(bearer("b"), noon);
    std::vector<std::string> mine;
    for (int i = 0; i < 7; ++i)
        mine.push_back(*tickets.issue(bearer("a"), noon));
    EXPECT_EQ(tickets.size(), 6U);
    EXPECT_FALSE(tickets.redeem(mine[0], noon));
    EXPECT_FALSE(tickets.redeem(mine[1], noon));
    for (std::size_t i = 2; i < mine.size(); ++i)
        EXPECT_TRUE(tickets.redeem(mine[i], noon)) << i;
    EXPECT_TRUE(tickets.redeem(of_other, noon));
}

TEST(SocketTickets, AreRefusedWhenAllAreOutAndNoneHasExpired) {
    SocketTickets tickets({.tickets_max = 2});
    ASSERT_TRUE(tickets.issue(bearer("a"), noon));
    ASSERT_TRUE(tickets.issue(bearer("b"), noon + 1s));
    EXPECT_EQ(tickets.issue(bearer("c"), noon + 2s).error(), AuthError::busy);
    EXPECT_TRUE(tickets.issue(bearer("c"), noon + 30s));
    EXPECT_EQ(tickets.size(), 2U);
}

TEST(SocketTickets, AreGoodForOneOfManyThreads) {
    SocketTickets tickets({});
    for (int round = 0; round < 200; ++round) {
        const std::string ticket = *tickets.issue(bearer("a"), noon);
        std::atomic<int> winners = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { winners += tickets.redeem(ticket, noon) ? 1 : 0; });
        threads.clear();
        ASSERT_EQ(winners, 1);
    }
}

}  // namespace
}  // namespace switchboard
