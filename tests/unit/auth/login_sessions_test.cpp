#include "auth/login_sessions.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "auth/opaque_token.hpp"
#include "auth/password.hpp"
#include "support/await_result.hpp"
#include "support/memory_credential_store.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

constexpr TenantId acme{7};
constexpr AgentId ann{3};
const Time noon(1'800'000'000s);

class LoginSessionsTest : public testing::Test {
protected:
    LoginSessionsTest() {
        put("ann@example.com", person(ann), true);
        put("off@example.com", person(AgentId{4}), false);
    }

    void put(const std::string& login, Person who, bool is_enabled, Role role = Role::agent) {
        const AgentAccount account{
            .principal = {.tenant = acme, .role = role, .person = who, .public_id = {}},
            .password_hash = *await_result(hasher_.hash("right")),
            .is_enabled = is_enabled};
        store_.put({.tenant = "acme", .login = login}, account);
    }

    static LoginAttempt attempt(const std::string& login,
                                const std::string& password,
                                const std::string& client = "192.0.2.1") {
        return {.tenant = "acme",
                .login = login,
                .password = password,
                .client = asio::ip::make_address(client)};
    }

    LoginResult log_in(LoginAttempt attempt, Time now = noon) {
        return await_result(sessions_.login(std::move(attempt), now));
    }

    AuthError why_not(const LoginAttempt& attempt, Time now = noon) {
        const auto result = log_in(attempt, now);
        return result ? AuthError{} : result.error().why;
    }

    // A wrong password for a new login each time, all from one client.
    AuthError guess(const std::string& client, int n, Time now = noon) {
        return why_not(attempt("nobody" + std::to_string(n) + "@example.com", "wrong", client),
                       now);
    }

    std::string token() { return log_in(attempt("ann@example.com", "right"))->token; }

    Result<SignedIn> find(const std::string& token, Time now) {
        return await_result(sessions_.find(token, now));
    }

    PasswordHasher hasher_{{.memory_bytes = 8 << 10, .passes = 1}};
    MemoryCredentialStore store_;
    LoginSessions sessions_{store_, hasher_, {}};
};

TEST_F(LoginSessionsTest, GiveATokenForTheRightPassword) {
    const auto grant = log_in(attempt("ann@example.com", "right"));
    ASSERT_TRUE(grant);
    EXPECT_EQ(grant->token.size(), 43U);
    EXPECT_EQ(grant->principal.person, person(ann));
    EXPECT_EQ(grant->ends_at, noon + 12h);

    const auto who = find(grant->token, noon + 1min);
    ASSERT_TRUE(who);
    EXPECT_EQ(who->principal, grant->principal);
    EXPECT_EQ(who->ends_at, grant->ends_at);
}

TEST_F(LoginSessionsTest, StoreNothingThatOpensADoor) {
    const std::string token = this->token();
    EXPECT_EQ(store_.session_count(), 1U);
    EXPECT_FALSE(store_.keeps(token));
}

TEST_F(LoginSessionsTest, DoNotMindTheCaseOfALogin) {
    EXPECT_TRUE(log_in(attempt("Ann@EXAMPLE.com", "right")));
}

TEST_F(LoginSessionsTest, AnswerAlikeWhateverIsWrong) {
    EXPECT_EQ(why_not(attempt("ann@example.com", "wrong")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("nobody@example.com", "right")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("off@example.com", "right")), AuthError::denied);
    auto elsewhere = attempt("ann@example.com", "right");
    elsewhere.tenant = "other";
    EXPECT_EQ(why_not(elsewhere), AuthError::denied);
    const AgentAccount without_password{.principal = {}, .password_hash = "", .is_enabled = true};
    store_.put({.tenant = "acme", .login = "bot@example.com"}, without_password);
    EXPECT_EQ(why_not(attempt("bot@example.com", "")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("bot@example.com", "right")), AuthError::denied);
    EXPECT_EQ(store_.session_count(), 0U);
}

TEST_F(LoginSessionsTest, DenyWhatNoAccountCanHaveWithoutAskingTheStore) {
    store_.set_reachable(false);
    const std::string nul(1, '\0');
    EXPECT_EQ(why_not(attempt("", "right")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("ann@example.com", "")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("ann@example.com" + nul, "right")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("ann@example.com\xFF", "right")), AuthError::denied);
    EXPECT_EQ(why_not(attempt(std::string(255, 'a'), "right")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("ann@example.com", std::string(1025, 'x'))), AuthError::denied);
    auto nowhere = attempt("ann@example.com", "right");
    nowhere.tenant = "";
    EXPECT_EQ(why_not(nowhere), AuthError::denied);
}

TEST_F(LoginSessionsTest, AllowTenWrongPasswordsInFifteenMinutesFromAnywhere) {
    for (int i = 0; i < 10; ++i) {
        const auto from = "192.0.2." + std::to_string(i);
        ASSERT_EQ(why_not(attempt("ann@example.com", "wrong", from), noon + i * 1min),
                  AuthError::denied);
    }
    const auto refused = log_in(attempt("ANN@example.com", "right", "198.51.100.1"), noon + 10min);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().why, AuthError::too_many_tries);
    EXPECT_EQ(refused.error().retry_after, 5min);
    EXPECT_TRUE(log_in(attempt("ann@example.com", "right"), noon + 15min));
}

TEST_F(LoginSessionsTest, CountTheTriesOfAnAccountThatDoesNotExist) {
    for (int i = 0; i < 10; ++i)
        ASSERT_EQ(why_not(attempt("nobody@example.com", "wrong")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("nobody@example.com", "wrong")), AuthError::too_many_tries);
}

TEST_F(LoginSessionsTest, DoNotCountLoginsThatSucceed) {
    for (int i = 0; i < 60; ++i)
        ASSERT_TRUE(log_in(attempt("ann@example.com", "right")));
}

TEST_F(LoginSessionsTest, DoNotForgetFailedTriesWhenOneSucceeds) {
    for (int i = 0; i < 9; ++i)
        ASSERT_EQ(why_not(attempt("ann@example.com", "wrong")), AuthError::denied);
    ASSERT_TRUE(log_in(attempt("ann@example.com", "right")));
    EXPECT_EQ(why_not(attempt("ann@example.com", "wrong")), AuthError::denied);
    EXPECT_EQ(why_not(attempt("ann@example.com", "wrong")), AuthError::too_many_tries);
}

TEST_F(LoginSessionsTest, AllowFiftyWrongPasswordsPerAddress) {
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(guess("192.0.2.1", i), AuthError::denied);
    EXPECT_EQ(guess("192.0.2.1", 50), AuthError::too_many_tries);
    EXPECT_EQ(guess("::ffff:192.0.2.1", 51), AuthError::too_many_tries);
    EXPECT_EQ(guess("192.0.2.2", 52), AuthError::denied);
    EXPECT_EQ(guess("192.0.2.1", 53, noon + 15min), AuthError::denied);
}

TEST_F(LoginSessionsTest, TakeASixtyFourOfIpv6AsOneAddress) {
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(guess("2001:db8:1:2::" + std::to_string(i), i), AuthError::denied);
    EXPECT_EQ(guess("2001:db8:1:2:ffff::1", 50), AuthError::too_many_tries);
    EXPECT_EQ(guess("2001:db8:1:3::1", 51), AuthError::denied);
}

TEST_F(LoginSessionsTest, CountTriesMadeAtOnce) {
    asio::io_context context;
    int denied = 0;
    int told_to_wait = 0;
    const auto count = [&](std::exception_ptr, const LoginResult& result) {
        if (result.error().why == AuthError::denied) ++denied;
        if (result.error().why == AuthError::too_many_tries) ++told_to_wait;
    };
    for (int i = 0; i < 100; ++i) {
        auto guess = sessions_.login(attempt("ann@example.com", "wrong"), noon);
        asio::co_spawn(context, std::move(guess), count);
    }
    context.run();
    EXPECT_EQ(denied, 10);
    EXPECT_EQ(told_to_wait, 90);
}

TEST_F(LoginSessionsTest, SayUnavailableAndCountNothingWhenTheStoreIsGone) {
    store_.set_reachable(false);
    for (int i = 0; i < 60; ++i)
        ASSERT_EQ(why_not(attempt("ann@example.com", "right")), AuthError::unavailable);
    store_.set_reachable(true);
    const std::string token = this->token();
    ASSERT_FALSE(token.empty());
    store_.set_reachable(false);
    EXPECT_EQ(to_refusal(find(token, noon).error()), Refusal::unavailable);
}

TEST_F(LoginSessionsTest, SayUnavailableWhenTheyStop) {
    hasher_.stop();
    EXPECT_EQ(why_not(attempt("ann@example.com", "right")), AuthError::unavailable);
    EXPECT_EQ(why_not(attempt("nobody@example.com", "right")), AuthError::unavailable);
}

TEST_F(LoginSessionsTest, SayBusyAndCountNothingWhenTooManyLogInAtOnce) {
    PasswordHasher slow({.memory_bytes = 1 << 20, .passes = 2, .waiting_max = 0});
    LoginSessions sessions(store_, slow, {});
    const AgentAccount account{
        .principal = {.tenant = acme, .role = Role::agent, .person = person(ann), .public_id = {}},
        .password_hash = *await_result(slow.hash("right")),
        .is_enabled = true};
    store_.put({.tenant = "acme", .login = "ann@example.com"}, account);
    int busy = 0;
    int other = 0;
    const auto count = [&](std::exception_ptr, const LoginResult& result) {
        const bool is_busy = !result && result.error().why == AuthError::busy;
        EXPECT_EQ(is_busy, !result && result.error().retry_after == 1s);
        ++(is_busy ? busy : other);
    };
    for (int round = 0; busy == 0 && round < 100; ++round) {
        asio::io_context context;
        for (int i = 0; i < 10; ++i) {
            auto login = sessions.login(attempt("ann@example.com", "right"), noon);
            asio::co_spawn(context, std::move(login), count);
        }
        context.run();
    }
    EXPECT_GT(busy, 0);
    EXPECT_GT(other, 0);
    EXPECT_TRUE(await_result(sessions.login(attempt("ann@example.com", "right"), noon)));
}

TEST_F(LoginSessionsTest, EndAfterTwelveHoursHoweverBusy) {
    const std::string token = this->token();
    Time now = noon;
    for (; now < noon + 12h; now += 20min)
        ASSERT_TRUE(find(token, now));
    EXPECT_EQ(find(token, noon + 12h).error(), AuthError::denied);
    EXPECT_EQ(store_.session_count(), 0U);
}

TEST_F(LoginSessionsTest, EndAfterHalfAnHourWithoutARequest) {
    const std::string token = this->token();
    ASSERT_TRUE(find(token, noon + 29min));
    ASSERT_TRUE(find(token, noon + 58min));
    EXPECT_EQ(find(token, noon + 88min).error(), AuthError::denied);
    EXPECT_EQ(find(token, noon + 59min).error(), AuthError::denied);
}

TEST_F(LoginSessionsTest, StoreThatSomebodyWasSeenOnceAMinute) {
    const std::string token = this->token();
    for (auto after = 0s; after < 300s; after += 10s)
        ASSERT_TRUE(find(token, noon + after));
    EXPECT_EQ(store_.touch_count(), 4U);
}

TEST_F(LoginSessionsTest, AreKeptAliveByASocket) {
    const SignedIn who = *find(token(), noon);
    for (auto after = 0min; after < 3h; after += 20min)
        ASSERT_TRUE(await_result(sessions_.find(who.session, noon + after)));
}

TEST_F(LoginSessionsTest, EndAtLogout) {
    const std::string token = this->token();
    const std::string other = this->token();
    ASSERT_TRUE(await_result(sessions_.logout(token)));
    EXPECT_EQ(find(token, noon).error(), AuthError::denied);
    EXPECT_TRUE(find(other, noon));
    EXPECT_TRUE(await_result(sessions_.logout(token)));
    EXPECT_TRUE(await_result(sessions_.logout("nonsense")));
}

TEST_F(LoginSessionsTest, EndTogetherForOneAgent) {
    put("bob@example.com", person(AgentId{5}), true);
    const std::string bobs = log_in(attempt("bob@example.com", "right"))->token;
    const std::vector<std::string> anns{token(), token()};
    ASSERT_TRUE(await_result(sessions_.end_all(acme, ann)));
    for (const std::string& token : anns)
        EXPECT_EQ(find(token, noon).error(), AuthError::denied);
    EXPECT_TRUE(find(bobs, noon));
}

TEST_F(LoginSessionsTest, FollowTheAccount) {
    const std::string token = this->token();
    put("ann@example.com", person(ann), true, Role::manager);
    EXPECT_EQ(find(token, noon)->principal.role, Role::manager);
    put("ann@example.com", person(ann), false);
    EXPECT_EQ(find(token, noon).error(), AuthError::denied);
}

TEST_F(LoginSessionsTest, KnowNoTokenButTheirOwn) {
    token();
    for (const std::string& text : {std::string(), mint_opaque_token().text, std::string(43, 'A')})
        EXPECT_EQ(find(text, noon).error(), AuthError::denied);
}

TEST_F(LoginSessionsTest, ServeManyThreads) {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i) {
                const auto grant = log_in(attempt("ann@example.com", "right"));
                ASSERT_TRUE(grant);
                ASSERT_TRUE(find(grant->token, noon));
                ASSERT_TRUE(await_result(sessions_.logout(grant->token)));
            }
        });
    }
    threads.clear();
    EXPECT_EQ(store_.session_count(), 0U);
}

}  // namespace
}  // namespace switchboard
