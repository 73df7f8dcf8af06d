#include "gateway/handshake.hpp"

#include <gtest/gtest.h>

#include "auth/opaque_token.hpp"
#include "auth/password.hpp"
#include "auth/random.hpp"
#include "auth/visitor_token.hpp"
#include "support/await_result.hpp"
#include "support/memory_credential_store.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

const Time noon{std::chrono::days(20'000)};
const Door site_door{TenantId{1}, SiteId{5}};
const Door desk{TenantId{1}, {}};

struct HandshakeTest : testing::Test {
    auto judge(const Hello& hello, const Door& door, Time now = noon) {
        return await_result(judge_hello(hello, door, {keys, tickets, logins}, now));
    }

    // Of a login of agent 3, who is there at tenant 1 and 2.
    std::string ticket_for(TenantId tenant) {
        const Principal agent{tenant, Role::agent, person(AgentId{3}), random_bits<PublicId>()};
        const AgentName name{std::to_string(tenant.value), "ann@example.com"};
        accounts.put(name, {.principal = agent, .password_hash = "", .is_enabled = true});
        session = mint_opaque_token().digest;
        const StoredSession login{.principal = agent, .started_at = noon, .seen_at = noon};
        EXPECT_TRUE(await_result(accounts.store_session(session, login)));
        return tickets.issue(SignedIn{agent, session, noon + 12h}, noon).value();
    }

    Digest session{};  // of the last ticket's login
    KeyRing keys = KeyRing::parse("k1 0123456789abcdef0123456789abcdef0123456789abcdef").value();
    SocketTickets tickets{SocketTickets::Settings{}};
    MemoryCredentialStore accounts;
    PasswordHasher hasher{{.memory_bytes = 8 << 10, .passes = 1}};
    LoginSessions logins{accounts, hasher, LoginSessions::Settings{}};
};

TEST_F(HandshakeTest, AVisitorWithoutATokenIsANewOneAndIsGivenOne) {
    const auto first = std::get<Admitted>(judge({}, site_door));
    EXPECT_EQ(first.principal.role, Role::visitor);
    EXPECT_EQ(first.principal.tenant, TenantId{1});
    EXPECT_TRUE(first.principal.public_id);
    const auto token = verify_visitor_token(keys, TenantId{1}, first.token, noon);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->visitor, first.principal.public_id);
    const auto second = std::get<Admitted>(judge({}, site_door));
    EXPECT_NE(second.principal.public_id, first.principal.public_id);
}

TEST_F(HandshakeTest, ATokenMakesHimTheSameVisitorAgain) {
    const auto first = std::get<Admitted>(judge({}, site_door));
    Hello hello;
    hello.token = first.token;
    const auto again = std::get<Admitted>(judge(hello, site_door, noon + 1h));
    EXPECT_EQ(again.principal, first.principal);
    EXPECT_EQ(again.token, "") << "his own is good enough";
    EXPECT_NE(std::get<Admitted>(judge(hello, site_door, noon + 25h)).token, "") << "a day old";
}

TEST_F(HandshakeTest, AWrongTokenIsTurnedAwayForGood) {
    Hello hello;
    for (const auto* token : {"x", "v1.k1.AAAA.AAAA"}) {
        hello.token = token;
        const auto away = std::get<TurnedAway>(judge(hello, site_door));
        EXPECT_EQ(away.why.reason, Refusal::unauthorized);
        EXPECT_EQ(away.close, CloseCode::bad_token);
    }
    hello.token = mint_visitor_token(keys, TenantId{2}, random_bits<PublicId>(), noon);
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, site_door))) << "another tenant's";
    hello.token = mint_visitor_token(keys, TenantId{1}, random_bits<PublicId>(), noon);
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, site_door, noon + 31 * 24h)));
}

TEST_F(HandshakeTest, ATicketWorksOnceAtItsOwnTenant) {
    Hello hello;
    hello.ticket = ticket_for(TenantId{1});
    const auto agent = std::get<Admitted>(judge(hello, desk));
    EXPECT_EQ(agent.principal.person, person(AgentId{3}));
    EXPECT_EQ(agent.login, session) << "a logout will find it";
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, desk))) << "used";
    hello.ticket = ticket_for(TenantId{2});
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, desk))) << "another tenant's";
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge({}, desk))) << "none";
}

TEST_F(HandshakeTest, ATicketIsWorthNothingOnceItsLoginEnded) {
    Hello hello;
    hello.ticket = ticket_for(TenantId{1});
    EXPECT_TRUE(await_result(logins.end_all(TenantId{1}, AgentId{3})));
    const auto away = std::get<TurnedAway>(judge(hello, desk));
    EXPECT_EQ(away.why.reason, Refusal::unauthorized);
    EXPECT_EQ(away.close, CloseCode::bad_token);
}

TEST_F(HandshakeTest, AnAgentIsWhoTheStoreSaysHeIsNow) {
    Hello hello;
    hello.ticket = ticket_for(TenantId{1});
    const Principal manager{TenantId{1}, Role::manager, person(AgentId{3}), {}};
    accounts.put({"1", "ann@example.com"}, {manager, "", true});
    EXPECT_EQ(std::get<Admitted>(judge(hello, desk)).principal.role, Role::manager);
}

TEST_F(HandshakeTest, ALoginThatCannotBeCheckedIsNotTheAgentsFault) {
    Hello hello;
    hello.ticket = ticket_for(TenantId{1});
    accounts.set_reachable(false);
    const auto away = std::get<TurnedAway>(judge(hello, desk));
    EXPECT_EQ(away.why.reason, Refusal::unavailable);
    EXPECT_EQ(away.close, CloseCode::too_busy);
}

TEST_F(HandshakeTest, AVisitorsTokenOpensNoDeskAndATicketNoSite) {
    Hello hello;
    hello.token = std::get<Admitted>(judge({}, site_door)).token;
    EXPECT_TRUE(std::holds_alternative<TurnedAway>(judge(hello, desk)));
    hello.token.clear();
    hello.ticket = ticket_for(TenantId{1});
    EXPECT_EQ(std::get<Admitted>(judge(hello, site_door)).principal.role, Role::visitor);
}

TEST_F(HandshakeTest, AResumedSessionKeepsItsIdUnderAHigherGeneration) {
    const auto first = std::get<Admitted>(judge({}, site_door)).connection;
    Hello hello;
    hello.resume = Resume{first.session, "l", {}};
    const auto second = std::get<Admitted>(judge(hello, site_door, noon + 1us)).connection;
    EXPECT_EQ(second.session, first.session);
    EXPECT_GT(second.generation, first.generation);
}

}  // namespace
}  // namespace switchboard
