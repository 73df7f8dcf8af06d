#include "unit/admin/rest_fixture.hpp"

namespace switchboard {
namespace {

class RestResources : public RestTest {
protected:
    boost::json::value get(const std::string& path,
                           const std::string& query = {},
                           const std::string& who = "admin") {
        const auto response = ask(who, {"GET", path, "", query});
        EXPECT_EQ(response.status, 200) << path << '?' << query << response.body;
        return json(response);
    }

    const std::string agent_ = "/v1/agents/" + agent_id(ours, Role::agent);
    const std::string group_ = to_text(public_id(ours, 101));
};

TEST_F(RestResources, TheDocumentIsServedToAnybody) {
    const auto document = get("/v1/openapi.json", "", "");
    EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");
}

TEST_F(RestResources, AnAgentIsCreatedByACommandWithHisPasswordHashed) {
    const std::string body = R"({"login":"n@example.com","password":"long enough","name":"Nina",
                                 "role":"manager","groups":[")" +
                             group_ + "\"]}";
    const auto response = ask("admin", {"POST", "/v1/agents", body});
    ASSERT_EQ(response.status, 201) << response.body;
    const Account& account = gate_.last<ConfigureAgent>().account;
    EXPECT_EQ(account.login, "n@example.com");
    EXPECT_EQ(account.role, Role::manager);
    EXPECT_EQ(account.groups, std::vector<GroupId>{GroupId{1}});
    EXPECT_TRUE(account.enabled);
    EXPECT_GE(account.id.value, 1'000);
    EXPECT_TRUE(await_result(hasher_.verify("long enough", account.password_hash)));
    const auto shown = json(response);
    EXPECT_EQ(shown.at("groups").at(0).as_string(), group_);
    EXPECT_EQ(field(response, "Location"), "/v1/agents/" + std::string(shown.at("id").as_string()));
    EXPECT_EQ(get(field(response, "Location")), shown);
    EXPECT_EQ(response.body.find("long enough"), std::string::npos);
    EXPECT_EQ(response.body.find("argon2"), std::string::npos);
}

TEST_F(RestResources, OnlyWhatAChangeNamesIsChanged) {
    const auto response = ask("admin", {"PATCH", agent_, R"({"name":"Ann"})"});
    ASSERT_EQ(response.status, 200) << response.body;
    const Account& account = gate_.last<ConfigureAgent>().account;
    EXPECT_EQ(account.name, "Ann");
    EXPECT_EQ(account.login, "agent@example.com");
    EXPECT_EQ(account.role, Role::agent);
    EXPECT_EQ(account.password_hash, "");
    EXPECT_EQ(account.groups, std::vector<GroupId>{GroupId{1}});
    EXPECT_EQ(ask("admin", {"PATCH", agent_, "{}"}).status, 400);
}

TEST_F(RestResources, ANewPasswordEndsTheLogins) {
    cookie_of("agent");
    cookie_of("viewer");
    EXPECT_EQ(credentials_.session_count(), 2U);
    ask("admin", {"PATCH", agent_, R"({"name":"Ann"})"});
    EXPECT_EQ(credentials_.session_count(), 3U);  // and the admin's
    ask("admin", {"PATCH", agent_, R"({"password":"another one"})"});
    EXPECT_EQ(credentials_.session_count(), 2U);
}

TEST_F(RestResources, AGroupThatIsNotThereIsNotFound) {
    const std::string groups = R"({"groups":[")" + to_text(public_id(theirs, 101)) + "\"]}";
    EXPECT_EQ(ask("admin", {"PATCH", agent_, groups}).status, 404);
    EXPECT_EQ(ask("admin", {"PATCH", "/v1/sites/tenant1-shop", groups}).status, 404);
}

TEST_F(RestResources, LimitsGoToTheirOwner) {
    const auto set = [&](const std::string& path, const std::string& body) {
        return ask("manager", {"PUT", agent_ + path, body}).status;
    };
    EXPECT_EQ(set("/channels/call", R"({"slots_max":2,"wrap_up_seconds":30})"), 200);
    const auto& limits = gate_.last<SetLimits>();
    EXPECT_EQ(limits.agent, public_id(ours, 2));
    EXPECT_EQ(limits.channel, Channel::call);
    EXPECT_EQ(limits.slots_max, 2);
    EXPECT_EQ(limits.slots_hard_max, 2);
    EXPECT_EQ(limits.wrap_up, std::chrono::seconds(30));
    EXPECT_TRUE(limits.enabled);
    EXPECT_EQ(set("/channels/chat", R"({"slots_max":3,"slots_hard_max":2})"), 400);
    EXPECT_EQ(set("/channels/fax", R"({"slots_max":3})"), 404);
    EXPECT_EQ(set("/total-limit", R"({"total_max":5})"), 200);
    EXPECT_EQ(gate_.last<SetTotalLimit>().total_max, 5);
    EXPECT_EQ(gate_.commands.back().principal.role, Role::manager);
}

TEST_F(RestResources, APresenceIsSetForAllChannelsOrOne) {
    const std::string path = agent_ + "/presence";
    const char* lunch = R"({"intent":"unavailable","text":"lunch"})";
    EXPECT_EQ(ask("manager", {"PUT", path, lunch}).status, 204);
    EXPECT_EQ(gate_.last<SetPresence>().intent, Intent::unavailable);
    EXPECT_EQ(gate_.last<SetPresence>().text, "lunch");
    EXPECT_FALSE(gate_.last<SetPresence>().channel);
    const char* chat = R"({"intent":"available","channel":"chat"})";
    EXPECT_EQ(ask("manager", {"PUT", path, chat}).status, 204);
    EXPECT_EQ(gate_.last<SetPresence>().channel, Channel::chat);
}

TEST_F(RestResources, ASiteHasGroupsOriginsAndRules) {
    const std::string body = R"({"name":"Blog","origins":["https://blog.example"],"groups":[")" +
                             group_ +
                             R"("],"rules":[{"channel":"chat","when_nobody_free":"refuse",
        "waiting_max":10,"wait_max_seconds":60,"when_waited_long":"leave_message"}]})";
    const auto response = ask("admin", {"POST", "/v1/sites", body});
    ASSERT_EQ(response.status, 201) << response.body;
    const Site& site = gate_.last<ConfigureSite>().site;
    EXPECT_EQ(site.rules[0].when_nobody_free, WhenNobodyFree::refuse);
    EXPECT_EQ(site.rules[0].wait_max, std::chrono::seconds(60));
    EXPECT_EQ(site.rules[0].when_waited_long, WhenWaitedLong::leave_message);
    EXPECT_EQ(site.groups, std::vector<GroupId>{GroupId{1}});
    const auto shown = json(response);
    EXPECT_EQ(shown.at("origins").at(0).as_string(), "https://blog.example");
    EXPECT_EQ(get("/v1/sites/" + site.key), shown);

    const auto changed = ask("admin", {"PATCH", "/v1/sites/" + site.key, R"({"name":"News"})"});
    EXPECT_EQ(changed.status, 200);
    EXPECT_EQ(gate_.last<ConfigureSite>().site.rules, site.rules);
    EXPECT_EQ(json(changed).at("name").as_string(), "News");
    const std::string rule = R"({"channel":"chat","when_nobody_free":"queue","waiting_max":1,
                                 "wait_max_seconds":0,"when_waited_long":"close"})";
    const std::string twice = R"({"rules":[)" + rule + "," + rule + "]}";
    EXPECT_EQ(pointer(ask("admin", {"PATCH", "/v1/sites/" + site.key, twice})), "/body/rules");
    for (const char* origin :
         {"shop.example", "https://shop.example/", "javascript:x", "https://"}) {
        const std::string bad = R"({"name":"x","origins":[")" + std::string(origin) + "\"]}";
        EXPECT_EQ(ask("admin", {"POST", "/v1/sites", bad}).status, 400) << origin;
    }
}

TEST_F(RestResources, SettingsAreChangedOneByOne) {
    EXPECT_EQ(get("/v1/settings").at("agent_grace_seconds").as_int64(), 30);
    const auto response = ask("admin", {"PATCH", "/v1/settings", R"({"when_agent_gone":"keep"})"});
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(gate_.last<ConfigureTenant>().settings.when_agent_gone, WhenAgentGone::keep);
    EXPECT_EQ(gate_.last<ConfigureTenant>().settings.agent_grace, std::chrono::seconds(30));
    EXPECT_EQ(get("/v1/settings"), json(response));
}

TEST_F(RestResources, K9_WhetherDraftsAreShownIsASetting) {
    EXPECT_FALSE(get("/v1/settings").at("draft_preview").as_bool());
    const auto on = ask("admin", {"PATCH", "/v1/settings", R"({"draft_preview":true})"});
    EXPECT_EQ(on.status, 200);
    EXPECT_TRUE(json(on).at("draft_preview").as_bool());
    EXPECT_TRUE(gate_.last<ConfigureTenant>().settings.draft_preview);
    EXPECT_EQ(ask("manager", {"PATCH", "/v1/settings", R"({"draft_preview":true})"}).status, 403);
    EXPECT_EQ(ask("admin", {"PATCH", "/v1/settings", R"({"draft_preview":1})"}).status, 400);
}

TEST_F(RestResources, AvailabilityIsShownForAllChannelsOrOne) {
    const std::string path = "/v1/sites/tenant1-shop/availability";
    const auto shown = boost::json::serialize(get(path));
    EXPECT_EQ(shown,
              R"({"data":[{"channel":"chat","availability":"yes"},)"
              R"({"channel":"messaging","availability":"queue"}]})");
    EXPECT_EQ(boost::json::serialize(get(path, "channel=messaging")),
              R"({"data":[{"channel":"messaging","availability":"queue"}]})");
    EXPECT_EQ(gate_.last<ShowAvailability>().site, "tenant1-shop");
    EXPECT_EQ(pointer(ask("admin", {"GET", path, "", "channel=call"})), "/query/channel");
    EXPECT_EQ(ask("admin", {"GET", "/v1/sites/tenant2-shop/availability"}).status, 404);
}

TEST_F(RestResources, AListGoesOnWhereThePageBeforeEnded) {
    std::vector<std::string> names;
    std::string query = "limit=2";
    for (int page = 0; page < 3; ++page) {
        const auto found = get("/v1/agents", query);
        for (const auto& each : found.at("data").as_array())
            names.emplace_back(each.at("name").as_string());
        if (found.at("next_cursor").is_null()) break;
        query = "limit=2&cursor=" + std::string(found.at("next_cursor").as_string());
    }
    const std::vector<std::string> all{"agent", "viewer", "manager", "admin", "account_owner"};
    EXPECT_EQ(names, all);
}

TEST_F(RestResources, ConversationsAreFoundByWhatTheyAre) {
    const auto count = [&](const std::string& query) {
        return get("/v1/conversations", query).at("data").as_array().size();
    };
    EXPECT_EQ(count(""), 1U);
    EXPECT_EQ(count("state=active"), 1U);
    EXPECT_EQ(count("state=closed"), 0U);
    EXPECT_EQ(count("site=tenant1-shop"), 1U);
    EXPECT_EQ(count("agent=" + agent_id(ours, Role::agent)), 1U);
    EXPECT_EQ(count("agent=" + agent_id(ours, Role::manager)), 0U);
    EXPECT_EQ(count("from=2027-01-15T08:00:00Z"), 1U);
    EXPECT_EQ(count("from=2027-01-15T08:00:00.000001Z"), 0U);
    EXPECT_EQ(count("to=2027-01-15T08%3A00%3A00Z"), 0U);
    const auto found = [&](const std::string& query) {
        return ask("admin", {"GET", "/v1/conversations", "", query}).status;
    };
    EXPECT_EQ(found("site=tenant2-shop"), 404);
    EXPECT_EQ(found("agent=" + agent_id(theirs, Role::agent)), 404);
}

TEST_F(RestResources, AnAgentFindsHisOwnAndNoOther) {
    StoredTalk talk;
    talk.conversation.id = ConversationId{21};
    talk.conversation.public_id = public_id(ours, 121);
    talk.conversation.agent.value = static_cast<int>(Role::manager);
    talk.site_key = "tenant1-shop";
    archive_.put(TenantId{ours}, talk);
    EXPECT_EQ(get("/v1/conversations").at("data").as_array().size(), 2U);
    const auto own = get("/v1/conversations", "", "agent");
    ASSERT_EQ(own.at("data").as_array().size(), 1U);
    EXPECT_EQ(own.at("data").at(0).at("id").as_string(), to_text(public_id(ours, 120)));
    const std::string other = "/v1/conversations/" + to_text(public_id(ours, 121));
    EXPECT_EQ(ask("agent", {"GET", other}).status, 404);
    EXPECT_EQ(ask("agent", {"GET", other + "/entries"}).status, 404);
    const std::string of_manager = "agent=" + agent_id(ours, Role::manager);
    EXPECT_EQ(ask("agent", {"GET", "/v1/conversations", "", of_manager}).status, 404);
}

TEST_F(RestResources, ATranscriptHasEveryEntryOnce) {
    const std::string path = "/v1/conversations/" + to_text(public_id(ours, 120)) + "/entries";
    std::vector<std::int64_t> seqs;
    std::string query = "limit=2";
    for (int page = 0; page < 3; ++page) {
        const auto found = get(path, query);
        for (const auto& each : found.at("data").as_array())
            seqs.push_back(each.at("seq").as_int64());
        if (found.at("next_cursor").is_null()) break;
        query = "limit=2&cursor=" + std::string(found.at("next_cursor").as_string());
    }
    const std::vector<std::int64_t> all{1, 2, 3, 4, 5};
    EXPECT_EQ(seqs, all);
}

TEST_F(RestResources, WhatATenantRefusesIsSaidInItsWords) {
    const auto refuse = [&](Refusal reason, std::string_view field) {
        gate_.set_script([=](const Command&) {
            Refused refusal;
            refusal.reason = reason;
            refusal.field = field;
            return refusal;
        });
        const std::string path = "/v1/conversations/" + to_text(public_id(ours, 120)) + "/close";
        return ask("manager", {"POST", path, "{}"});
    };
    EXPECT_EQ(code(refuse(Refusal::conversation_closed, "")), "conversation_closed");
    EXPECT_EQ(refuse(Refusal::conversation_closed, "").status, 409);
    EXPECT_EQ(field(refuse(Refusal::overloaded, ""), "Retry-After"), "1");
    EXPECT_EQ(pointer(refuse(Refusal::invalid, "name")), "/body/name");
}

TEST_F(RestResources, ABlockNamesTheVisitorOrAConversation) {
    const std::string visitor = to_text(public_id(ours, 119));
    const auto create = [&](const std::string& body) {
        return ask("manager", {"POST", "/v1/blocks", body});
    };
    const auto made = create(R"({"visitor":")" + visitor +
                             R"(","reason":"spam","expires_at":"2027-02-01T00:00:00Z"})");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(gate_.last<BlockVisitor>().visitor, public_id(ours, 119));
    EXPECT_EQ(gate_.last<BlockVisitor>().reason, "spam");
    EXPECT_EQ(json(made).at("id").as_string(), to_text(gate_.last<BlockVisitor>().block));
    EXPECT_EQ(create("{}").status, 400);
    EXPECT_EQ(
        create(R"({"visitor":")" + visitor + R"(","conversation":")" + visitor + "\"}").status,
        400);
    const auto past =
        create(R"({"visitor":")" + visitor + R"(","expires_at":"2027-01-01T00:00:00Z"})");
    EXPECT_EQ(pointer(past), "/body/expires_at");
    EXPECT_EQ(get("/v1/blocks", "lifted=true").at("data").as_array().size(), 2U);
}

TEST_F(RestResources, ABlockIsMadeOnceForAKey) {
    const HttpField same{"Idempotency-Key", "one"};
    const std::string visitor = to_text(public_id(ours, 119));
    const auto create = [&](const std::string& reason) {
        const std::string body = R"({"visitor":")" + visitor + R"(","reason":")" + reason +
                                 R"(","expires_at":"2027-01-15T08:10:00Z"})";
        return ask("manager", {"POST", "/v1/blocks", body, "", {same}});
    };
    const auto made = create("spam");
    ASSERT_EQ(made.status, 201) << made.body;
    EXPECT_EQ(field(made, "Idempotent-Replayed"), "");
    const std::size_t asked = gate_.commands.size();
    now_ += std::chrono::minutes(15);
    const auto again = create("spam");
    ASSERT_EQ(again.status, 201) << "though it has ended: " << again.body;
    EXPECT_EQ(json(again), json(made));
    EXPECT_EQ(field(again, "Idempotent-Replayed"), "true");
    EXPECT_EQ(gate_.commands.size(), asked);
    EXPECT_EQ(code(create("insults")), "id_conflict");
}

TEST_F(RestResources, AKeyStandsForTheBlockThatWasThereAlready) {
    const HttpField same{"Idempotency-Key", "one"};
    const std::string body = R"({"visitor":")" + to_text(public_id(ours, 119)) + "\"}";
    const auto create = [&] { return ask("manager", {"POST", "/v1/blocks", body, "", {same}}); };
    gate_.set_script([](const Command&) { return Blocked{public_id(ours, 130)}; });
    const auto made = create();
    EXPECT_EQ(json(made).at("id").as_string(), to_text(public_id(ours, 130)));
    gate_.set_script([](const Command&) { return refuse(Refusal::unavailable); });
    const auto again = create();
    EXPECT_EQ(json(again), json(made));
    EXPECT_EQ(field(again, "Idempotent-Replayed"), "true");
}

TEST_F(RestResources, AKeyIsToldOnceAndEndsWhenRevoked) {
    const HttpField same{"Idempotency-Key", "one"};
    const char* body = R"({"name":"Shop","scopes":["live:read","blocks:read"],
                           "expires_at":"2027-01-15T09:00:00Z"})";
    const auto made = ask("admin", {"POST", "/v1/api-keys", body, "", {same}});
    ASSERT_EQ(made.status, 201) << made.body;
    const std::string secret(json(made).at("secret").as_string());
    const auto again = json(ask("admin", {"POST", "/v1/api-keys", body, "", {same}}));
    EXPECT_TRUE(again.at("secret").is_null());
    EXPECT_EQ(again.at("key"), json(made).at("key"));
    const char* other = R"({"name":"Blog","scopes":["live:read"]})";
    EXPECT_EQ(ask("admin", {"POST", "/v1/api-keys", other, "", {same}}).status, 409);

    EXPECT_EQ(ask(secret, {"GET", "/v1/live"}).status, 200);
    EXPECT_EQ(ask(secret, {"GET", "/v1/agents"}).status, 403);
    const auto listed = get("/v1/api-keys");
    EXPECT_EQ(listed.at("data").at(0), json(made).at("key"));
    EXPECT_EQ(boost::json::serialize(listed).find(secret.substr(37)), std::string::npos);

    const std::string id(json(made).at("key").at("id").as_string());
    EXPECT_EQ(ask("admin", {"DELETE", "/v1/api-keys/" + id}).status, 204);
    EXPECT_EQ(ask(secret, {"GET", "/v1/live"}).status, 401);

    const auto brief = ask("admin", {"POST", "/v1/api-keys", body});
    const std::string until_nine(json(brief).at("secret").as_string());
    EXPECT_EQ(ask(until_nine, {"GET", "/v1/live"}).status, 200);
    now_ += std::chrono::hours(1);
    EXPECT_EQ(ask(until_nine, {"GET", "/v1/live"}).status, 401);
}

TEST_F(RestResources, ATenantComesWithItsOwnerAndIsMadeOnce) {
    const HttpField same{"Idempotency-Key", "one"};
    const std::string who = key({});
    const char* body = R"({"key":"new-shop","name":"New shop","agent_origins":["https://a.example"],
        "owner":{"login":"o@example.com","password":"long enough","name":"Olga"}})";
    const auto made = ask(who, {"POST", "/v1/tenants", body, "", {same}});
    ASSERT_EQ(made.status, 201) << made.body;
    const Account owner = gate_.last<ConfigureAgent>().account;
    EXPECT_EQ(owner.role, Role::account_owner);
    EXPECT_EQ(gate_.commands.back().principal.role, Role::operator_);
    EXPECT_TRUE(gate_.commands.back().principal.tenant);
    const auto again = ask(who, {"POST", "/v1/tenants", body, "", {same}});
    EXPECT_EQ(again.body, made.body);
    EXPECT_EQ(field(again, "Idempotent-Replayed"), "true");
    EXPECT_EQ(gate_.commands.size(), 1U);
    const auto taken = ask(who, {"POST", "/v1/tenants", body});
    EXPECT_EQ(taken.status, 409);
    EXPECT_EQ(code(taken), "id_conflict");
    EXPECT_EQ(get(field(made, "Location"), "", who), json(made));
    EXPECT_EQ(get("/v1/tenants", "", who).at("data").as_array().size(), 3U);
}

}  // namespace
}  // namespace switchboard
