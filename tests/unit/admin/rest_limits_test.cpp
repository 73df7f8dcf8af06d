#include "unit/admin/rest_fixture.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

class RestLimits : public RestTest {
protected:
    const Asked settings_{"GET", "/v1/settings"};

    static std::string remaining(const HttpResponse& response) {
        return field(response, "RateLimit-Remaining");
    }
    void use_up(const std::string& credential) {
        for (int i = 0; i < requests_at_once; ++i)
            ASSERT_EQ(ask(credential, settings_).status, 200) << i;
    }
};

TEST_F(RestLimits, EveryAnswerSaysHowManyMoreAreAnswered) {
    const auto first = ask("admin", settings_);
    EXPECT_EQ(field(first, "RateLimit-Limit"), "200");
    EXPECT_EQ(remaining(first), "199");
    EXPECT_EQ(field(first, "RateLimit-Reset"), "1");
    EXPECT_EQ(remaining(ask("admin", {"PATCH", "/v1/settings", "{}"})), "198");
    EXPECT_EQ(remaining(ask("admin", {"GET", "/v1/tenants"})), "197") << "which he may not see";
    now_ += 2s;
    EXPECT_EQ(remaining(ask("admin", settings_)), "198");
    for (const auto& [path, method] :
         {std::pair("/v1/settings", "GET"), {"/v1/nothing", "GET"}, {"/v1/settings", "DELETE"}})
        EXPECT_NE(remaining(ask("", {method, path})), "") << path;
    gate_.set_script([](const Command&) -> Reply { throw std::logic_error("a fault"); });
    EXPECT_EQ(remaining(ask("admin", {"GET", "/v1/live"})), "197");
}

TEST_F(RestLimits, WhoAsksTooOftenIsToldHowLongToWait) {
    use_up("admin");
    const auto refused = ask("admin", settings_);
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(code(refused), "rate_limited");
    EXPECT_EQ(field(refused, "Retry-After"), "1");
    EXPECT_EQ(remaining(refused), "0");
    EXPECT_EQ(field(refused, "RateLimit-Reset"), "200");
    EXPECT_EQ(limited_, 1);
    now_ += 1s;
    EXPECT_EQ(ask("admin", settings_).status, 200);
    EXPECT_EQ(ask("admin", settings_).status, 429) << "one a second";
    EXPECT_EQ(limited_, 2);
}

TEST_F(RestLimits, WhatIsRefusedDoesNothing) {
    use_up("admin");
    const auto before = gate_.commands.size();
    EXPECT_EQ(ask("admin", {"PATCH", "/v1/settings", R"({"agent_grace_seconds":1})"}).status, 429);
    EXPECT_EQ(gate_.commands.size(), before);
}

TEST_F(RestLimits, CallersAreCountedEachByHimself) {
    use_up("admin");
    EXPECT_EQ(remaining(ask("manager", settings_)), "199");
    const std::string one = key(TenantId{ours}, {"configuration:read"});
    const std::string other = key(TenantId{ours}, {"configuration:read"});
    EXPECT_EQ(remaining(ask(one, settings_)), "199");
    EXPECT_EQ(remaining(ask(other, settings_)), "199");
    EXPECT_EQ(remaining(ask("", settings_)), "199");
    EXPECT_EQ(remaining(ask("sbk_x", settings_)), "198") << "by the address: nobody knows him";
    for (const auto& [address, left] : {std::pair("2001:db8::1", "199"), {"2001:db8::2", "198"}}) {
        HttpRequest request;
        request.method = "GET";
        request.path = "/v1/settings";
        request.remote_address = address;
        EXPECT_EQ(remaining(await_result(rest_.handle(request))), left) << "one network";
    }
    cookies_.clear();
    EXPECT_EQ(ask("admin", settings_).status, 429) << "a new login is the same person";
}

TEST(RequestLimits, OfZeroAreNone) {
    RequestLimits limits{Rate{}};
    for (int i = 0; i < 1'000; ++i) {
        const auto standing = limits.take("somebody", Time());
        EXPECT_EQ(standing.limit, 0);
        EXPECT_EQ(standing.retry_after, 0s);
    }
}

TEST(RequestLimits, KeepRoomForOnesWhoAskNow) {
    RequestLimits limits{Rate{1s, 1}};
    const Time start{1h};
    const auto is_refused = [&](int caller, Time now) {
        return limits.take(std::to_string(caller), now).retry_after > 0s;
    };
    for (int i = 0; i < 60'000; ++i)
        EXPECT_FALSE(is_refused(i, start));
    EXPECT_TRUE(is_refused(1, start));
    EXPECT_FALSE(is_refused(60'000, start + 1s));
    for (int i = 60'001; i < 120'000; ++i)
        is_refused(i, start + 1s);
    EXPECT_TRUE(is_refused(60'000, start + 1s)) << "only who is forgotten anyhow had to go";
}

}  // namespace
}  // namespace switchboard
