#include "admin/rest/entity_tags.hpp"
#include "unit/admin/rest_fixture.hpp"

namespace switchboard {
namespace {

TEST(EntityTags, AreAListOrAny) {
    for (const char* good :
         {"*", R"("")", R"("a")", R"(W/"a")", R"("a","b")", R"( "a" , W/"b,c" )", R"(,"a",,)"})
        EXPECT_TRUE(EntityTags::parse(good)) << good;
    for (const char* bad :
         {"", ",", "a", R"("a)", R"("a" "b")", R"(w/"a")", R"(* , "a")", R"("a b")"})
        EXPECT_FALSE(EntityTags::parse(bad)) << bad;
}

TEST(EntityTags, AreComparedStronglyOrWeakly) {
    const auto tags = EntityTags::parse(R"("a", W/"b")");
    ASSERT_TRUE(tags);
    EXPECT_TRUE(tags->have_strongly(R"("a")"));
    EXPECT_FALSE(tags->have_strongly(R"("b")"));
    EXPECT_TRUE(tags->have_weakly(R"("b")"));
    EXPECT_FALSE(tags->have_weakly(R"("c")"));
    EXPECT_TRUE(EntityTags::parse("*")->have_strongly(R"("c")"));
}

class RestVersions : public RestTest {
protected:
    std::string etag(const std::string& path, const std::string& who = "admin") {
        return field(ask(who, {"GET", path}), "ETag");
    }
    HttpResponse change(const std::string& path,
                        const std::string& body,
                        const std::string& if_match,
                        const std::string& method = "PATCH") {
        Asked asked{method, path, body};
        if (!if_match.empty()) asked.fields.push_back({"If-Match", if_match});
        return ask("admin", asked);
    }

    // What happens at the tenant just before each of its next commands.
    void before_commands(std::function<void()> something) {
        gate_.set_script([this, something](const Command& command) {
            something();
            return carry_out(command);
        });
    }

    const std::string agent_ = "/v1/agents/" + agent_id(ours, Role::agent);
    const std::string group_ = "/v1/groups/" + to_text(public_id(ours, 101));
    const std::string site_ = "/v1/sites/tenant1-shop";
    // What can be changed, and how.
    const std::map<std::string, std::string> changes_{
        {agent_, R"({"name":"Ann"})"},
        {group_, R"({"name":"Sales"})"},
        {site_, R"({"name":"Blog"})"},
        {"/v1/settings", R"({"agent_grace_seconds":1})"}};
};

TEST_F(RestVersions, EachThingHasAnETagThatChangesWithIt) {
    std::set<std::string> seen;
    for (const auto& [path, body] : changes_) {
        const std::string before = etag(path);
        EXPECT_EQ(before.size(), 18U) << path;
        EXPECT_TRUE(seen.insert(before).second) << path;
        EXPECT_EQ(etag(path), before) << path;
        const auto changed = change(path, body, "");
        EXPECT_EQ(changed.status, 200) << path;
        EXPECT_NE(field(changed, "ETag"), before) << path;
        EXPECT_EQ(field(changed, "ETag"), etag(path)) << path;
    }
    const std::string tenant = "/v1/tenants/" + to_text(public_id(ours, 0));
    EXPECT_EQ(etag(tenant, key({})).size(), 18U);
    const auto made = ask("admin", {"POST", "/v1/groups", R"({"name":"Sales"})"});
    EXPECT_EQ(field(made, "ETag"), etag(field(made, "Location")));
    EXPECT_EQ(field(ask("admin", {"GET", "/v1/groups"}), "ETag"), "") << "a list has none";
}

TEST_F(RestVersions, WhatIsKnownIsNotSentAgain) {
    const std::string tag = etag(group_);
    for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
        const auto answer = ask("admin", {"GET", group_, "", "", {{"If-None-Match", known}}});
        EXPECT_EQ(answer.status, 304) << known;
        EXPECT_EQ(answer.body, "") << known;
        EXPECT_EQ(field(answer, "ETag"), tag) << known;
    }
    const HttpField other{"If-None-Match", "\"x\""}, bad{"If-None-Match", "x"};
    EXPECT_EQ(ask("admin", {"GET", group_, "", "", {other}}).status, 200);
    EXPECT_EQ(pointer(ask("admin", {"GET", group_, "", "", {bad}})), "/header/If-None-Match");
}

TEST_F(RestVersions, OnlyTheVersionThatIsMeantIsChanged) {
    for (const auto& [path, body] : changes_) {
        SCOPED_TRACE(path);
        const std::string tag = etag(path);
        const auto commands = gate_.commands.size();
        for (const std::string& other : {std::string("\"0123456789abcdef\""), "W/" + tag}) {
            const auto late = change(path, body, other);
            EXPECT_EQ(late.status, 412) << other;
            EXPECT_EQ(code(late), "version_mismatch");
        }
        EXPECT_EQ(pointer(change(path, body, "x")), "/header/If-Match");
        EXPECT_EQ(gate_.commands.size(), commands);
        EXPECT_EQ(change(path, body, "\"x\", " + tag).status, 200);
        EXPECT_EQ(change(path, body, tag).status, 412) << "it was changed";
        EXPECT_EQ(change(path, body, "*").status, 200);
    }
}

TEST_F(RestVersions, LimitsOfAnAgentAreChangedInHisVersion) {
    const std::string limits = agent_ + "/channels/chat";
    const char* two = R"({"slots_max":2})";
    EXPECT_EQ(change(limits, two, "\"x\"", "PUT").status, 412);
    EXPECT_EQ(change(agent_ + "/total-limit", R"({"total_max":2})", "\"x\"", "PUT").status, 412);
    EXPECT_EQ(change(limits, two, etag(agent_), "PUT").status, 200);
    EXPECT_EQ(to_etag(gate_.last<SetLimits>().seen.value()), etag(agent_));
    EXPECT_EQ(change(limits, two, "", "PUT").status, 200);
    EXPECT_FALSE(gate_.last<SetLimits>().seen) << "nobody is too late who replaces all";
}

// Whether it is the meant version is decided by the tenant, together with the change.
TEST_F(RestVersions, WhoeverIsFasterWins) {
    Site site = await_result(catalogue_.find_site(TenantId{ours}, "tenant1-shop")).value().value();
    site.origins = {"https://faster.example"};
    before_commands([this, site] { catalogue_.put(TenantId{ours}, site); });
    const auto late = change(site_, R"({"name":"Blog"})", etag(site_));
    EXPECT_EQ(late.status, 412);
    EXPECT_EQ(code(late), "version_mismatch");
    EXPECT_EQ(json(ask("admin", {"GET", site_})).at("name").as_string(), "A shop");
}

TEST_F(RestVersions, AChangeOfOneFieldTakesNothingBackOfAnothers) {
    Site site = await_result(catalogue_.find_site(TenantId{ours}, "tenant1-shop")).value().value();
    site.origins = {"https://faster.example"};
    bool is_first = true;
    before_commands([this, site, &is_first] {
        if (is_first) catalogue_.put(TenantId{ours}, site);
        is_first = false;
    });
    const auto changed = change(site_, R"({"name":"Blog"})", "");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(json(changed).at("name").as_string(), "Blog");
    EXPECT_EQ(json(changed).at("origins").at(0).as_string(), "https://faster.example");
}

TEST_F(RestVersions, WhoIsAlwaysTooLateIsToldToAskAgain) {
    TenantSettings settings;
    before_commands([&] {
        settings.close_after += std::chrono::seconds(1);
        catalogue_.put(TenantId{ours}, settings);
    });
    const auto late = change("/v1/settings", R"({"agent_grace_seconds":1})", "");
    EXPECT_EQ(late.status, 503);
    EXPECT_EQ(field(late, "Retry-After"), "1");
}

}  // namespace
}  // namespace switchboard
