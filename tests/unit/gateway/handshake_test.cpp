#include "gateway/handshake.hpp"

#include <gtest/gtest.h>

#include "auth/random.hpp"
#include "auth/visitor_token.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

const Time start{std::chrono::days(20'000)};
const Door site{TenantId{1}, SiteId{5}};
const Door desk{TenantId{1}, {}};

struct HandshakeTest : testing::Test {
    auto judge(const Hello& hello, const Door& door, Time now = start) {
        return judge_hello(hello, door, {keys, tickets}, now);
    }

    std::string ticket_for(TenantId tenant) {
        SignedIn bearer;
        bearer.principal.tenant = tenant;
        bearer.principal.role = Role::agent;
        bearer.principal.person = person(AgentId{3});
        bearer.principal.public_id = random_bits<PublicId>();
        bearer.session = {7};
        bearer.ends_at = start + 12h;
        return tickets.issue(bearer, start).value();
    }

    KeyRing keys = KeyRing::parse("k1 0123456789abcdef0123456789abcdef0123456789abcdef").value();
    SocketTickets tickets{SocketTickets::Settings{}};
};

TEST_F(HandshakeTest, AVisitorWithoutATokenIsANewOneAndIsGivenOne) {
    const auto first = std::get<Admitted>(judge({}, site));
    EXPECT_EQ(first.principal.role, Role::visitor);
    EXPECT_EQ(first.principal.tenant, TenantId{1});
    EXPECT_TRUE(first.principal.public_id);
    const auto token = verify_visitor_token(keys, TenantId{1}, first.token, start);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->visitor, first.principal.public_id);
    const auto second = std::get<Admitted>(judge({}, site));
    EXPECT_NE(second.principal.public_id, first.principal.public_id);
}

TEST_F(HandshakeTest, ATokenMakesHimTheSameVisitorAgain) {
    const auto first = std::get<Admitted>(judge({}, site));
    Hello hello;
    hello.token = first.token;
    const auto again = std::get<Admitted>(judge(hello, site, start + 1h));
    EXPECT_EQ(again.principal, first.principal);
    EXPECT_EQ(again.token, "") << "his own is good enough";
    EXPECT_NE(std::get<Admitted>(judge(hello, site, start + 25h)).token, "") << "a day old";
}

TEST_F(HandshakeTest, AWrongTokenIsTurnedAwayForGood) {
    Hello hello;
    for (const auto* token : {"x", "v1.k1.AAAA.AAAA"}) {
        hello.token = token;
        const auto away = std::get<TurnedAway>(judge(hello, site));
        EXPECT_EQ(away.why.reason, Refusal::unauthorized);
        EXPECT_EQ(away.close, CloseCode::bad_token);
    }
    hello.token = mint_visitor_token(keys, TenantId{2}, random_bits<PublicId>(), start);
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, site))) << "another tenant's";
    hello.token = mint_visitor_token(keys, TenantId{1}, random_bits<PublicId>(), start);
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, site, start + 31 * 24h)));
}

TEST_F(HandshakeTest, ATicketWorksOnceAtItsOwnTenant) {
    Hello hello;
    hello.ticket = ticket_for(TenantId{1});
    const auto agent = std::get<Admitted>(judge(hello, desk));
    EXPECT_EQ(agent.principal.person, person(AgentId{3}));
    EXPECT_EQ(agent.login, Digest{7}) << "a logout will find it";
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, desk))) << "used";
    hello.ticket = ticket_for(TenantId{2});
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, desk))) << "another tenant's";
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge({}, desk))) << "none";
}

TEST_F(HandshakeTest, AVisitorsTokenOpensNoDeskAndATicketNoSite) {
    Hello hello;
    hello.token = std::get<Admitted>(judge({}, site)).token;
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, desk)));
    hello.token.clear();
    hello.ticket = ticket_for(TenantId{1});
    EXPECT_EQ(std::get<Admitted>(judge(hello, site)).principal.role, Role::visitor);
}

TEST_F(HandshakeTest, AResumedSessionKeepsItsIdUnderAHigherGeneration) {
    const auto first = std::get<Admitted>(judge({}, site)).connection;
    Hello hello;
    hello.resume = Resume{first.session, "l", {}};
    const auto second = std::get<Admitted>(judge(hello, site, start + 1us)).connection;
    EXPECT_EQ(second.session, first.session);
    EXPECT_GT(second.generation, first.generation);
}

}  // namespace
}  // namespace switchboard
