#include <set>

#include "admin/rest/routes.hpp"
#include "unit/admin/rest_fixture.hpp"

namespace switchboard {
namespace {

namespace json = boost::json;

// What each may ask for, said once more and by hand: the table of domain/authorize must come to it.
const std::set<std::string> reads{
    "listAgents", "getAgent", "listGroups", "getGroup", "listSites", "getSite", "getSettings"};
const std::set<std::string> history{"listConversations", "getConversation", "listEntries"};
const std::set<std::string> directs{"setLimits",
                                    "setTotalLimit",
                                    "setPresence",
                                    "closeConversation",
                                    "listBlocks",
                                    "getBlock",
                                    "createBlock",
                                    "liftBlock"};
const std::set<std::string> configures{"createAgent",
                                       "changeAgent",
                                       "createGroup",
                                       "changeGroup",
                                       "createSite",
                                       "changeSite",
                                       "changeSettings"};
const std::set<std::string> keeps_keys{"listKeys", "createKey", "revokeKey"};
const std::set<std::string> runs_tenants{"listTenants", "createTenant", "getTenant"};

std::set<std::string> together(std::initializer_list<std::set<std::string>> sets) {
    std::set<std::string> all{"getDocument"};
    for (const auto& set : sets)
        all.insert(set.begin(), set.end());
    return all;
}

const std::set<std::string> viewer = together({reads, history, {"showLive", "showAvailability"}});
const std::set<std::string> manager = together({viewer, directs});
const std::set<std::string> admin = together({manager, configures, keeps_keys});

class Roles : public RestTest {
protected:
    // A request that the document allows for this operation, about things of `tenant`.
    Asked request_for(const Operation& operation, std::uint8_t tenant) {
        Asked asked{operation.method(), operation.path()};
        const auto put = [&](const std::string& name, const std::string& value) {
            const auto at = asked.path.find('{' + name + '}');
            if (at != std::string::npos) asked.path.replace(at, name.size() + 2, value);
        };
        put("tenant", to_text(public_id(tenant, 0)));
        put("agent", agent_id(tenant, Role::agent));
        put("group", to_text(public_id(tenant, 101)));
        put("site", "tenant" + std::to_string(tenant) + "-shop");
        put("conversation", to_text(public_id(tenant, 120)));
        put("block", to_text(public_id(tenant, 130)));
        put("key", to_text(tenant == ours ? our_key_ : their_key_));
        put("channel", "chat");
        asked.body = body_for(operation.id(), tenant);
        return asked;
    }

    static std::string body_for(const std::string& operation, std::uint8_t tenant) {
        static const std::map<std::string, std::string> bodies{
            {"createTenant",
             R"({"key":"new","name":"New","owner":
                 {"login":"o@example.com","password":"long enough","name":"Olga"}})"},
            {"createKey", R"({"name":"Shop","scopes":["live:read"]})"},
            {"createAgent", R"({"login":"n@example.com","name":"Nina","role":"agent"})"},
            {"changeAgent", R"({"name":"Ann"})"},
            {"setLimits", R"({"slots_max":2})"},
            {"setTotalLimit", R"({"total_max":2})"},
            {"setPresence", R"({"intent":"unavailable"})"},
            {"createGroup", R"({"name":"Sales"})"},
            {"changeGroup", R"({"name":"Sales"})"},
            {"createSite", R"({"name":"Blog"})"},
            {"changeSite", R"({"name":"Blog"})"},
            {"changeSettings", R"({"agent_grace_seconds":10})"},
            {"closeConversation", "{}"},
        };
        if (operation == "createBlock")
            return R"({"visitor":")" + to_text(public_id(tenant, 119)) + "\"}";
        const auto found = bodies.find(operation);
        return found == bodies.end() ? "" : found->second;
    }

    void expect_exactly(const std::string& credential, const std::set<std::string>& allowed) {
        for (const Operation& operation : operations()) {
            const auto response = ask(credential, request_for(operation, ours));
            if (allowed.contains(operation.id())) {
                EXPECT_LT(response.status, 300) << operation.id() << response.body;
            } else {
                EXPECT_EQ(response.status, 403) << operation.id() << response.body;
                EXPECT_EQ(code(response), "forbidden") << operation.id();
            }
        }
    }

    PublicId make_key(std::uint8_t tenant) {
        const NewKey wanted{random_id(), TenantId{tenant}, "a key", {}, std::nullopt};
        return await_result(keys_.mint(wanted, now_)).value().stored.id;
    }

    PublicId our_key_ = make_key(ours);
    PublicId their_key_ = make_key(theirs);
};

TEST_F(Roles, ADocumentAndARouteStandForEachOperation) {
    std::set<std::string> in_document, in_table;
    for (const Operation& operation : operations())
        EXPECT_TRUE(in_document.insert(operation.id()).second) << operation.id();
    for (const Route& route : routes()) {
        EXPECT_TRUE(in_table.insert(std::string(route.operation)).second) << route.operation;
        EXPECT_NE(route.handler, nullptr);
    }
    EXPECT_EQ(in_document, in_table);
}

TEST_F(Roles, AnAgentSeesHisOwnConversationsAndEndsThem) {
    expect_exactly("agent", together({history, {"closeConversation"}}));
}
TEST_F(Roles, AViewerReads) { expect_exactly("viewer", viewer); }
TEST_F(Roles, AManagerDirects) { expect_exactly("manager", manager); }
TEST_F(Roles, AnAdminConfigures) { expect_exactly("admin", admin); }
TEST_F(Roles, AnAccountOwnerDoesWhatAnAdminDoes) { expect_exactly("account_owner", admin); }

TEST_F(Roles, AnOperatorHasTheTenantsAndNothingOfTheirs) {
    auto allowed = together({runs_tenants});
    for (const Operation& operation : operations()) {
        const auto response = ask(key({}), request_for(operation, ours));
        if (allowed.contains(operation.id())) {
            EXPECT_LT(response.status, 300) << operation.id() << response.body;
        } else {
            EXPECT_EQ(response.status, 403) << operation.id() << response.body;
        }
    }
}

TEST_F(Roles, AKeyDoesWhatItsScopesSay) {
    const std::map<std::string, std::set<std::string>> scopes{
        {"configuration:read", reads},
        {"configuration:write", together({reads, configures, {"setLimits", "setTotalLimit"}})},
        {"live:read", {"showLive", "showAvailability"}},
        {"availability:read", {"showAvailability"}},
        {"presence:write", {"setPresence"}},
        {"conversations:read", history},
        {"conversations:close", {"closeConversation"}},
        {"blocks:read", {"listBlocks", "getBlock"}},
        {"blocks:write", {"listBlocks", "getBlock", "createBlock", "liftBlock"}},
    };
    EXPECT_EQ(scopes.size(), switchboard::scopes().size());
    for (const auto& [scope, allowed] : scopes) {
        SCOPED_TRACE(scope);
        expect_exactly(key(TenantId{ours}, {scope}), together({allowed}));
    }
    expect_exactly(key(TenantId{ours}), together({}));
}

TEST_F(Roles, AnotherTenantsThingsDoNotExistWhoeverAsks) {
    const std::vector<std::string> credentials{"account_owner",
                                               key(TenantId{ours},
                                                   {"configuration:write",
                                                    "live:read",
                                                    "presence:write",
                                                    "conversations:read",
                                                    "conversations:close",
                                                    "blocks:write"})};
    for (const auto& credential : credentials) {
        for (const Operation& operation : operations()) {
            const bool has_id = operation.path().find('{') != std::string::npos;
            if (!has_id && operation.id() != "createBlock") continue;
            if (operation.id() == "getTenant" || operation.id() == "revokeKey") continue;
            const auto response = ask(credential, request_for(operation, theirs));
            EXPECT_EQ(response.status, 404) << operation.id() << response.body;
            EXPECT_EQ(code(response), "not_found") << operation.id();
        }
    }
    const auto revoke = [&](const PublicId& id) {
        return ask("admin", {"DELETE", "/v1/api-keys/" + to_text(id)}).status;
    };
    EXPECT_EQ(revoke(their_key_), 404);
    EXPECT_EQ(revoke(our_key_), 204);
}

TEST_F(Roles, NobodyIsShownAnythingWithoutACredential) {
    for (const Operation& operation : operations()) {
        const auto asked = request_for(operation, ours);
        const int expected = operation.is_public() ? 200 : 401;
        EXPECT_EQ(ask("", asked).status, expected) << operation.id();
        auto forged = asked;
        forged.fields = {{"Authorization", "Basic YTpi"}, {"Cookie", cookie_of("admin")}};
        EXPECT_EQ(ask("", forged).status, expected) << operation.id();
        forged.fields = {{"Cookie", "__Host-switchboard=x"}};
        EXPECT_EQ(ask("", forged).status, expected) << operation.id();
    }
}

TEST_F(Roles, NobodyRaisesAnybodyAboveHimself) {
    const std::string owner = "/v1/agents/" + agent_id(ours, Role::account_owner);
    const std::string agent = "/v1/agents/" + agent_id(ours, Role::agent);
    const auto status = [&](const std::string& who, const std::string& path, const char* body) {
        return ask(who, {"PATCH", path, body}).status;
    };
    EXPECT_EQ(status("admin", agent, R"({"role":"account_owner"})"), 403);
    EXPECT_EQ(status("admin", owner, R"({"password":"taken over"})"), 403);
    EXPECT_EQ(status("admin", agent, R"({"role":"admin"})"), 200);
    EXPECT_EQ(status("account_owner", agent, R"({"role":"account_owner"})"), 200);
    const std::string program = key(TenantId{ours}, {"configuration:write"});
    EXPECT_EQ(status(program, owner, R"({"name":"x"})"), 403);
    const char* new_admin = R"({"login":"n@example.com","name":"N","role":"admin"})";
    EXPECT_EQ(ask(program, {"POST", "/v1/agents", new_admin}).status, 403);
}

}  // namespace
}  // namespace switchboard
