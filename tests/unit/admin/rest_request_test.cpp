#include "unit/admin/rest_fixture.hpp"

namespace switchboard {
namespace {

class RestRequest : public RestTest {};

const std::string agents = "/v1/agents";
const std::string nina = R"({"login":"n@example.com","name":"Nina","role":"agent"})";

TEST_F(RestRequest, IsFoundByPathAndMethod) {
    EXPECT_EQ(ask("admin", {"GET", "/v1/nothing"}).status, 404);
    EXPECT_EQ(ask("admin", {"GET", "/v1/agents/"}).status, 404);
    EXPECT_EQ(ask("admin", {"GET", "/v1/agents/x/y"}).status, 404);
    EXPECT_EQ(ask("admin", {"GET", "//v1/agents"}).status, 404);
    const auto response = ask("admin", {"DELETE", agents});
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(field(response, "Allow"), "GET, HEAD, POST");
    EXPECT_EQ(ask("admin", {"HEAD", agents}).status, 200);
}

TEST_F(RestRequest, SaysWhichFieldIsWrong) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {R"({"login":"n@example.com","name":"Nina"})", "/body"},
        {R"({"login":"n@example.com","name":"Nina","role":"agent","admin":true})", "/body"},
        {R"({"login":"N@example.com","name":"Nina","role":"agent"})", "/body/login"},
        {R"({"login":"","name":"Nina","role":"agent"})", "/body/login"},
        {R"({"login":"n@example.com","name":1,"role":"agent"})", "/body/name"},
        {R"({"login":"n@example.com","name":"","role":"agent"})", "/body/name"},
        {R"({"login":"n@example.com","name":"Nina","role":"operator"})", "/body/role"},
        {R"({"login":"n@example.com","name":"Nina","role":"agent","groups":["x"]})",
         "/body/groups/0"},
        {R"({"login":"n@example.com","name":"Nina","role":"agent","password":"short"})",
         "/body/password"},
        {R"({"login":"n@example.com","name":"a\u0000b","role":"agent"})", "/body/name"},
        {"{\"login\":\"n@example.com\",\"name\":\"\xC0\xAF\",\"role\":\"agent\"}", "/body/name"},
        {"{\"login\":\"n@example.com\",\"name\":\"\xED\xA0\x80\",\"role\":\"agent\"}",
         "/body/name"},
        {"null", "/body"},
        {"[]", "/body"},
        {"\"text\"", "/body"},
        {"{", "/body"},
        {std::string(1'000, '['), "/body"},
    };
    for (const auto& [body, where] : cases) {
        const auto response = ask("admin", {"POST", agents, body});
        ASSERT_EQ(response.status, 400) << body;
        EXPECT_EQ(code(response), "invalid");
        EXPECT_EQ(pointer(response), where) << response.body;
    }
    EXPECT_TRUE(gate_.commands.empty());
}

TEST_F(RestRequest, SaysWhichParameterIsWrong) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"limit=0", "/query/limit"},
        {"limit=101", "/query/limit"},
        {"limit=-1", "/query/limit"},
        {"limit=x", "/query/limit"},
        {"limit=", "/query/limit"},
        {"limit=99999999999999999999", "/query/limit"},
        {"cursor=x", "/query/cursor"},
        {"cursor=AAAAAAAAAAA", "/query/cursor"},
        {"cursor=__________8", "/query/cursor"},
        {"offset=1", "/query"},
        {"limit=1&limit=2", "/query"},
        {"limit=%FF", "/query/limit"},
        {"limit=%00", "/query/limit"},
        {"limit=%zz", "/query"},
        {"=", "/query"},
    };
    for (const auto& [query, where] : cases) {
        const auto response = ask("admin", {"GET", agents, "", query});
        ASSERT_EQ(response.status, 400) << query;
        EXPECT_EQ(pointer(response), where) << query << response.body;
    }
    EXPECT_EQ(ask("admin", {"GET", agents, "{}"}).status, 400);
    for (const char* time : {"2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "yesterday"}) {
        const std::string query = std::string("from=") + time;
        const auto response = ask("admin", {"GET", "/v1/conversations", "", query});
        EXPECT_EQ(response.status, 400) << time;
    }
}

TEST_F(RestRequest, MustDeclareJsonAndBeSmall) {
    Asked asked{"POST", agents, nina};
    for (const char* type : {"text/plain", "application/x-www-form-urlencoded", "x"}) {
        HttpRequest request;
        request.method = "POST";
        request.path = agents;
        request.body = nina;
        request.fields = {{"Content-Type", type}, {"Cookie", cookie_of("admin")}};
        const auto response = await_result(rest_.handle(request));
        EXPECT_EQ(response.status, 415) << type;
        EXPECT_EQ(code(response), "unsupported_media_type");
    }
    asked.body = R"({"name":")" + std::string(70'000, 'x') + "\"}";
    const auto response = ask("admin", asked);
    EXPECT_EQ(response.status, 413);
    EXPECT_EQ(code(response), "too_large");
}

TEST_F(RestRequest, KeepsTheCallersIdWhenItCanStandInALog) {
    const auto id_of = [&](const std::string& given) {
        const auto response =
            ask("admin", {"GET", "/v1/nothing", "", "", {{"X-Request-Id", given}}});
        const std::string id = field(response, "X-Request-Id");
        EXPECT_EQ(json(response).at("request_id").as_string(), id);
        return id;
    };
    EXPECT_EQ(id_of("abc-1.2_3"), "abc-1.2_3");
    EXPECT_EQ(id_of("a b").size(), 36U);
    EXPECT_EQ(id_of(std::string(129, 'a')).size(), 36U);
    EXPECT_NE(id_of(""), id_of(""));
}

TEST_F(RestRequest, MadeAgainConfiguresTheSameThingOnce) {
    const HttpField same{"Idempotency-Key", "one"}, other{"Idempotency-Key", "two"};
    const auto first = ask("admin", {"POST", agents, nina, "", {same}});
    ASSERT_EQ(first.status, 201) << first.body;
    EXPECT_EQ(field(first, "Idempotent-Replayed"), "");
    const auto again = ask("admin", {"POST", agents, nina, "", {same}});
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(field(again, "Idempotent-Replayed"), "true");
    EXPECT_EQ(again.body, first.body);
    EXPECT_EQ(gate_.commands.size(), 1U);

    const std::string another = R"({"login":"o@example.com","name":"Olga","role":"agent"})";
    const auto conflict = ask("admin", {"POST", agents, another, "", {same}});
    EXPECT_EQ(conflict.status, 409);
    EXPECT_EQ(code(conflict), "id_conflict");
    EXPECT_EQ(ask("admin", {"POST", agents, another, "", {other}}).status, 201);
    const auto of_another_caller = ask("account_owner", {"POST", agents, another, "", {same}});
    EXPECT_EQ(of_another_caller.status, 201);
    EXPECT_NE(of_another_caller.body, first.body);
    const HttpField bad{"Idempotency-Key", std::string(256, 'x')};
    EXPECT_EQ(ask("admin", {"POST", agents, nina, "", {bad}}).status, 400);
}

TEST_F(RestRequest, ARetryAfterALostAnswerConfiguresUnderTheSameNumber) {
    const HttpField same{"Idempotency-Key", "one"};
    gate_.set_script([](const Command&) {
        Refused refusal;
        refusal.reason = Refusal::unavailable;
        return refusal;
    });
    const auto first = ask("admin", {"POST", agents, nina, "", {same}});
    EXPECT_EQ(first.status, 503);
    EXPECT_EQ(field(first, "Retry-After"), "1");
    gate_.set_script([this](const Command& command) { return carry_out(command); });
    EXPECT_EQ(ask("admin", {"POST", agents, nina, "", {same}}).status, 201);
    const auto& once = std::get<ConfigureAgent>(gate_.commands[0].what).account;
    const auto& twice = std::get<ConfigureAgent>(gate_.commands[1].what).account;
    EXPECT_EQ(once.id, twice.id);
    EXPECT_EQ(once.public_id, twice.public_id);
}

TEST_F(RestRequest, SaysUnavailableWithoutADatabase) {
    const std::string cookie = cookie_of("admin");
    catalogue_.set_reachable(false);
    for (const char* path : {"/v1/agents", "/v1/groups", "/v1/sites", "/v1/settings"}) {
        const auto response = ask("admin", {"GET", path});
        EXPECT_EQ(response.status, 503) << path;
        EXPECT_EQ(code(response), "unavailable");
    }
    credentials_.set_reachable(false);
    EXPECT_EQ(ask("admin", {"GET", "/v1/live"}).status, 503);
}

TEST_F(RestRequest, AFaultOfOursIsLoggedUnderTheRequestsId) {
    gate_.set_script([](const Command&) -> Reply { throw std::logic_error("a fault"); });
    const HttpField id{"X-Request-Id", "seen"};
    const auto response = ask("admin", {"GET", "/v1/live", "", "", {id}});
    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(code(response), "internal");
    EXPECT_EQ(failures_, std::vector<std::string>{"request seen: a fault"});
}

}  // namespace
}  // namespace switchboard
