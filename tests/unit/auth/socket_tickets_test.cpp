#include "auth/socket_tickets.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "auth/opaque_token.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

const Time sign_in_time(1'800'000'000s);

SignedIn bearer(const std::string& session) {
    return {.principal = {.tenant = {7},
                          .role = Role::agent,
                          .person = person(AgentId{3}),
                          .public_id = {}},
            .session = sha256(session),
            .ends_at = sign_in_time + 1h};
}

TEST(SocketTickets, AreGoodOnce) {
    SocketTickets tickets({});
    const auto ticket = tickets.issue(bearer("a"), sign_in_time);
    ASSERT_TRUE(ticket);
    const auto who = tickets.redeem(*ticket, sign_in_time + 29s);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->principal, bearer("a").principal);
    EXPECT_EQ(who->session, bearer("a").session);
    EXPECT_EQ(tickets.redeem(*ticket, sign_in_time + 29s).error(), AuthError::denied);
    EXPECT_EQ(tickets.size(), 0U);
}

TEST(SocketTickets, ExpireAfterHalfAMinuteAndAreGone) {
    SocketTickets tickets({});
    const auto ticket = tickets.issue(bearer("a"), sign_in_time);
    EXPECT_EQ(tickets.redeem(*ticket, sign_in_time + 30s).error(), AuthError::denied);
    EXPECT_EQ(tickets.redeem(*ticket, sign_in_time).error(), AuthError::denied);
}

TEST(SocketTickets, AreNotGuessedNorDecoded) {
    SocketTickets tickets({});
    const std::string ticket = *tickets.issue(bearer("a"), sign_in_time);
    for (const std::string& other : {std::string(),
                                     mint_opaque_token().text,
                                     ticket + "=",
                                     ticket.substr(1),
                                     std::string(1 << 20, 'A')}) {
        EXPECT_EQ(tickets.redeem(other, sign_in_time).error(), AuthError::denied);
    }
    EXPECT_TRUE(tickets.redeem(ticket, sign_in_time));
}

TEST(SocketTickets, OfOneSessionReplaceItsOldest) {
    SocketTickets tickets({});
    const std::string of_other = *tickets.issue(bearer("b"), sign_in_time);
    std::vector<std::string> mine;
    for (int i = 0; i < 7; ++i)
        mine.push_back(*tickets.issue(bearer("a"), sign_in_time));
    EXPECT_EQ(tickets.size(), 6U);
    EXPECT_FALSE(tickets.redeem(mine[0], sign_in_time));
    EXPECT_FALSE(tickets.redeem(mine[1], sign_in_time));
    for (std::size_t i = 2; i < mine.size(); ++i)
        EXPECT_TRUE(tickets.redeem(mine[i], sign_in_time)) << i;
    EXPECT_TRUE(tickets.redeem(of_other, sign_in_time));
}

TEST(SocketTickets, AreRefusedWhenAllAreOutAndNoneHasExpired) {
    SocketTickets tickets({.tickets_max = 2});
    ASSERT_TRUE(tickets.issue(bearer("a"), sign_in_time));
    ASSERT_TRUE(tickets.issue(bearer("b"), sign_in_time + 1s));
    EXPECT_EQ(tickets.issue(bearer("c"), sign_in_time + 2s).error(), AuthError::busy);
    EXPECT_TRUE(tickets.issue(bearer("c"), sign_in_time + 30s));
    EXPECT_EQ(tickets.size(), 2U);
}

TEST(SocketTickets, AreGoodForOneOfManyThreads) {
    SocketTickets tickets({});
    for (int round = 0; round < 200; ++round) {
        const std::string ticket = *tickets.issue(bearer("a"), sign_in_time);
        std::atomic<int> winners = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { winners += tickets.redeem(ticket, sign_in_time) ? 1 : 0; });
        threads.clear();
        ASSERT_EQ(winners, 1);
    }
}

}  // namespace
}  // namespace switchboard
