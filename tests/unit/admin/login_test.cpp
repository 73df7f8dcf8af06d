#include "admin/login.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "admin/api.hpp"
#include "auth/password.hpp"
#include "support/await_result.hpp"
#include "support/memory_credential_store.hpp"

namespace switchboard {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;

constexpr std::string_view right =
    R"({"tenant":"acme","login":"ann@example.com","password":"right"})";
const std::string hostile_name = R"(Ann "</script>" \ é)";

class LoginOverHttp : public testing::Test {
protected:
    LoginOverHttp() {
        AgentAccount account;
        account.principal = {TenantId{7}, Role::agent, person(AgentId{3}), {}};
        account.principal.public_id.bytes[15] = 9;
        account.password_hash = *await_result(hasher_.hash("right"));
        account.is_enabled = true;
        account.name = hostile_name;
        store_.put({"acme", "ann@example.com"}, account);
    }

    HttpResponse ask(const std::string& method,
                     const std::string& path,
                     std::string_view body = {},
                     const std::string& cookie = {}) {
        HttpRequest request;
        request.method = method;
        request.path = path;
        request.body = body;
        request.remote_address = "192.0.2.1";
        request.fields = {{"Host", "example.com"}, {"Content-Type", type_}};
        if (!cookie.empty()) request.fields.push_back({"Cookie", cookie});
        return await_result(api_.handle(std::move(request)));
    }

    // The cookie as a browser would send it back.
    std::string log_in() {
        const auto response = ask("POST", "/v1/login", right);
        const std::string cookie = field(response, "Set-Cookie");
        return cookie.substr(0, cookie.find(';'));
    }

    static std::string field(const HttpResponse& response, std::string_view name) {
        for (const auto& each : response.fields)
            if (each.name == name) return each.value;
        return {};
    }

    static std::string code(const HttpResponse& response) {
        EXPECT_EQ(response.content_type, "application/problem+json");
        return std::string(json::parse(response.body).at("code").as_string());
    }

    Time now_{1'800'000'000s};
    std::string type_ = "application/json";
    MemoryCredentialStore store_;
    PasswordHasher hasher_{{.memory_bytes = 8 << 10, .passes = 1, .waiting_max = 4}};
    LoginSessions logins_{store_, hasher_, {}};
    SocketTickets tickets_{{}};
    std::vector<SignedIn> logged_out_;
    Api api_{{logins_,
              tickets_,
              [this] { return now_; },
              [this](const SignedIn& who) { logged_out_.push_back(who); }}};
};

TEST_F(LoginOverHttp, SaysWhoItIsAndUntilWhen) {
    const auto response = ask("POST", "/v1/login", right);
    ASSERT_EQ(response.status, 200);
    EXPECT_EQ(response.content_type, "application/json");
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
    const auto body = json::parse(response.body);
    EXPECT_EQ(body.at("agent").at("id").as_string(), "00000000-0000-0000-0000-000000000009");
    EXPECT_EQ(body.at("agent").at("name").as_string(), hostile_name);
    EXPECT_EQ(body.at("agent").at("role").as_string(), "agent");
    EXPECT_EQ(body.at("ends_at").as_string(), "2027-01-15T20:00:00Z");
    EXPECT_EQ(body.as_object().size(), 2U);
}

TEST_F(LoginOverHttp, SetsACookieThatScriptsAndOtherHostsCannotTouch) {
    const std::string cookie = field(ask("POST", "/v1/login", right), "Set-Cookie");
    EXPECT_TRUE(cookie.starts_with("__Host-switchboard="));
    EXPECT_EQ(cookie.substr(cookie.find(';')), "; Path=/; Secure; HttpOnly; SameSite=Lax");
}

TEST_F(LoginOverHttp, KnowsTheBearerOfTheCookieAmongOthers) {
    const std::string cookie = log_in();
    for (const auto& sent : {cookie, "a=b; " + cookie + "; c=d", "a=b;" + cookie}) {
        const auto response = ask("GET", "/v1/session", {}, sent);
        ASSERT_EQ(response.status, 200) << sent;
        EXPECT_EQ(json::parse(response.body).at("agent").at("name").as_string(), hostile_name);
    }
    EXPECT_EQ(ask("GET", "/v1/session").status, 401);
    EXPECT_EQ(ask("GET", "/v1/session", {}, "x" + cookie).status, 401);
    EXPECT_EQ(ask("GET", "/v1/session", {}, cookie + "x").status, 401);
    EXPECT_EQ(ask("GET", "/v1/session", {}, "; ;=;" + cookie.substr(1)).status, 401);
}

TEST_F(LoginOverHttp, GivesATicketThatOpensASocketOnce) {
    const std::string cookie = log_in();
    const auto response = ask("POST", "/v1/ticket", "{}", cookie);
    ASSERT_EQ(response.status, 200);
    const std::string ticket(json::parse(response.body).at("ticket").as_string());
    EXPECT_EQ(tickets_.redeem(ticket, now_)->principal.person, person(AgentId{3}));
    EXPECT_FALSE(tickets_.redeem(ticket, now_));
    EXPECT_EQ(ask("POST", "/v1/ticket", "{}").status, 401);
}

TEST_F(LoginOverHttp, EndsWithTheLogout) {
    const std::string cookie = log_in();
    const auto response = ask("POST", "/v1/logout", "{}", cookie);
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(field(response, "Set-Cookie"),
              "__Host-switchboard=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
    EXPECT_EQ(ask("GET", "/v1/session", {}, cookie).status, 401);
    EXPECT_EQ(ask("POST", "/v1/ticket", "{}", cookie).status, 401);
    EXPECT_EQ(ask("POST", "/v1/logout", "{}").status, 204);
    ASSERT_EQ(logged_out_.size(), 1U) << "who had no login did not log out";
    EXPECT_EQ(logged_out_.front().principal.person, person(AgentId{3}));
}

// Else its sockets would stay: green without a login.
TEST_F(LoginOverHttp, DoesNotEndWhileNobodyKnowsWhoseItIs) {
    const std::string cookie = log_in();
    store_.fail_next_find();
    const auto response = ask("POST", "/v1/logout", "{}", cookie);
    EXPECT_EQ(response.status, 503);
    EXPECT_EQ(code(response), "unavailable");
    EXPECT_EQ(ask("GET", "/v1/session", {}, cookie).status, 200);
    EXPECT_EQ(ask("POST", "/v1/logout", "{}", cookie).status, 204);
    EXPECT_EQ(logged_out_.size(), 1U);
}

TEST_F(LoginOverHttp, RefusesWhateverIsWrongInTheSameWords) {
    std::string bodies;
    for (const auto* body : {R"({"tenant":"acme","login":"ann@example.com","password":"wrong"})",
                             R"({"tenant":"acme","login":"bob@example.com","password":"right"})",
                             R"({"tenant":"emca","login":"ann@example.com","password":"right"})",
                             R"({"tenant":"","login":"","password":""})"}) {
        const auto response = ask("POST", "/v1/login", body);
        EXPECT_EQ(response.status, 401);
        EXPECT_EQ(code(response), "unauthorized");
        EXPECT_EQ(field(response, "Set-Cookie"), "");
        if (bodies.empty()) bodies = response.body;
        EXPECT_EQ(response.body, bodies);
    }
}

TEST_F(LoginOverHttp, TakesExactlyTheExpectedTexts) {
    const std::string long_text(17'000, 'x');
    for (const std::string& body : std::vector<std::string>{
             "",
             "{}",
             "null",
             "[]",
             "\"text\"",
             std::string(1'000, '['),
             std::string(right) + "x",
             R"({"tenant":"acme","login":"ann@example.com"})",
             R"({"tenant":"acme","login":"ann@example.com","password":"right","role":"admin"})",
             R"({"tenant":"acme","login":"ann@example.com","password":null})",
             R"({"tenant":"acme","login":"ann@example.com","password":1})",
             R"({"tenant":"acme","login":["ann@example.com"],"password":"right"})",
             R"({"tenant":"acme","login":{"$ne":""},"password":"right"})",
             R"({"tenant":"ac\u0000me","login":"ann@example.com","password":"right"})",
             R"({"tenant":"acme","login":"\ud800","password":"right"})",
             "{\"tenant\":\"acme\",\"login\":\"\xC0\xAF\",\"password\":\"right\"}",
             "{\"tenant\":\"acme\",\"login\":\"\xED\xA0\x80\",\"password\":\"right\"}"}) {
        const auto response = ask("POST", "/v1/login", body);
        EXPECT_EQ(response.status, 400) << body.substr(0, 100);
        EXPECT_EQ(code(response), "invalid");
    }
    for (const auto* body : {"", "[]", "null", R"({"ticket":"mine"})"}) {
        EXPECT_EQ(ask("POST", "/v1/logout", body).status, 400) << body;
        EXPECT_EQ(ask("POST", "/v1/ticket", body).status, 400) << body;
    }
    const auto response = ask("POST", "/v1/login", R"({"tenant":")" + long_text + "\"}");
    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(code(response), "too_large");
}

TEST_F(LoginOverHttp, TakesOnlyWhatABrowserWouldAskLeaveToSend) {
    const std::string cookie = log_in();
    for (const auto* type : {"",
                             "text/plain",
                             "application/x-www-form-urlencoded",
                             "multipart/form-data",
                             "text/plain; application/json",
                             "application/jsonp"}) {
        type_ = type;
        for (const auto* path : {"/v1/login", "/v1/logout", "/v1/ticket"}) {
            EXPECT_EQ(ask("POST", path, right, cookie).status, 415) << type << ' ' << path;
        }
    }
    for (const auto* type : {"application/json", "Application/JSON;charset=utf-8"}) {
        type_ = type;
        EXPECT_EQ(ask("POST", "/v1/login", right).status, 200) << type;
    }
    EXPECT_EQ(ask("OPTIONS", "/v1/login").status, 405);
}

TEST_F(LoginOverHttp, TellsWhenToTryAgain) {
    HttpResponse response;
    for (int i = 0; i < 11; ++i) {
        response = ask("POST",
                       "/v1/login",
                       R"({"tenant":"acme","login":"ann@example.com","password":"wrong"})");
    }
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(code(response), "rate_limited");
    EXPECT_EQ(field(response, "Retry-After"), "900");
    now_ += 15min;
    EXPECT_EQ(ask("POST", "/v1/login", right).status, 200);
}

TEST_F(LoginOverHttp, SaysUnavailableWithoutItsStore) {
    const std::string cookie = log_in();
    store_.set_reachable(false);
    for (const auto& response : {ask("POST", "/v1/login", right),
                                 ask("POST", "/v1/logout", "{}", cookie),
                                 ask("POST", "/v1/ticket", "{}", cookie),
                                 ask("GET", "/v1/session", {}, cookie)}) {
        EXPECT_EQ(response.status, 503);
        EXPECT_EQ(code(response), "unavailable");
    }
}

}  // namespace
}  // namespace switchboard
