// What agents and managers say and are shown beside their conversations: docs/desk.md.
#include <atomic>

#include "integration/gateway/session_fixture.hpp"

namespace switchboard {
namespace {

using testing::IsEmpty;

struct DeskTest : SessionTest {
    // The events that come before the reply to `id`, by their kinds.
    static std::vector<std::string> events_before(JsonClient& client, std::uint32_t id) {
        std::vector<std::string> kinds;
        for (auto frame = client.next(); !frame.empty(); frame = client.next()) {
            if (const auto* reply = frame.if_contains("reply")) {
                EXPECT_EQ(reply->as_object().at("id").to_number<std::uint32_t>(), id);
                break;
            }
            for (const auto& [kind, value] : frame.at("event").as_object())
                if (kind != "pos") kinds.emplace_back(kind);
        }
        return kinds;
    }

    static std::string about(const char* command, const std::string& conversation) {
        return "\"" + std::string(command) + R"(":{"conversationId":")" + conversation + "\"}";
    }

    static std::string draft(const std::string& conversation, const std::string& text) {
        return R"("typing":{"conversationId":")" + conversation + R"(","draft":")" + text + "\"}";
    }

    static std::string showing(const std::string& conversation) {
        return R"("view":{"conversationIds":[")" + conversation + "\"]}";
    }

    // How often somebody was shown to type before the reply to `id`.
    static std::ptrdiff_t typed_before(JsonClient& client, std::uint32_t id) {
        return std::ranges::count(events_before(client, id), "typing");
    }

    static void done(JsonClient& client, const std::string& command) {
        const auto answer = client.reply(client.send(command));
        EXPECT_TRUE(answer.contains("done")) << boost::json::serialize(answer);
    }

    static constexpr const char* take_a_break =
        R"("setPresence":{"intent":"INTENT_UNAVAILABLE","text":"lunch"})";
};

TEST_F(DeskTest, AManagerWatchesTheColoursAndNobodyElseIsShownThem) {
    auto agent = at_desk();
    auto colleague = at_desk();
    auto manager = at_desk();
    welcome_agent(agent);
    welcome_agent(colleague, 2);
    welcome_agent(manager, 3);
    events_before(colleague, colleague.send(R"("view":{})"));  // his own colour
    const auto asked = manager.send(R"("watch":{"agents":true})");
    const auto live = manager.reply(asked).at("live").as_object();
    EXPECT_GE(live.at("agents").as_array().size(), 2U);
    EXPECT_FALSE(live.contains("more"));

    done(agent, take_a_break);
    object presence;
    do
        presence = manager.event("presence");
    while (!presence.contains("wish") || !presence.at("wish").as_object().contains("text"));
    EXPECT_EQ(text_of(presence, "status"), "STATUS_UNAVAILABLE");
    EXPECT_EQ(text_of(presence, "reason"), "REASON_CHOSEN");
    EXPECT_EQ(text_of(presence.at("wish").as_object(), "text"), "lunch");
    EXPECT_FALSE(text_of(presence, "version").empty());
    EXPECT_THAT(events_before(colleague, colleague.send(R"("view":{})")), IsEmpty());
}

// More than an outbox may hold: it is sent as the client takes it, and what happens meanwhile
// after.
TEST_F(DeskTest, S7_AManagerOfThousandsIsShownThemAll) {
    constexpr std::size_t thousands = 5'000;
    server.gate->set_script([](const Command& command) -> std::optional<Reply> {
        if (!std::holds_alternative<ShowLive>(command.what)) return std::nullopt;
        LiveView live;
        live.agents.resize(thousands);
        for (auto& each : live.agents) {
            each.agent.name = std::string(200, 'x');
            each.presence.resize(2);
        }
        return live;
    });
    auto agent = at_desk();
    JsonClient manager(server.port(), GatewayServer::desk, desk_origin, 64 << 10);
    welcome_agent(agent);
    welcome_agent(manager, 3);
    const auto asked = manager.send(R"("watch":{"agents":true})");
    manager.send(R"("read":{"conversationId":"0190c2f4-0000-4000-8000-000000000001"})");

    std::size_t agents = 0;
    for (bool more = true; more;) {
        const auto part = manager.reply(asked).at("live").as_object();
        if (agents == 0) done(agent, take_a_break);
        agents += part.at("agents").as_array().size();
        more = part.contains("more");
    }
    EXPECT_EQ(agents, thousands);
    bool is_told = false, has_read = false;
    while (!is_told || !has_read) {
        const auto frame = manager.next();
        ASSERT_FALSE(frame.empty());
        has_read = has_read || frame.contains("reply");
        is_told = is_told ||
                  (frame.contains("event") && frame.at("event").as_object().contains("presence"));
    }
}

TEST_F(DeskTest, AnAgentMayNotWatchTheOthers) {
    auto agent = at_desk();
    welcome_agent(agent);
    EXPECT_EQ(agent.refusal(agent.send(R"("watch":{"agents":true})")), "forbidden");
    EXPECT_EQ(agent.refusal(agent.send(R"("listBlocks":{})")), "forbidden");
}

TEST_F(DeskTest, WhatWaitsIsShownAndTakenOnce) {
    auto agent = at_desk();
    auto colleague = at_desk();
    welcome_agent(agent);
    welcome_agent(colleague, 2);
    done(agent, take_a_break);
    done(colleague, take_a_break);
    EXPECT_TRUE(agent.reply(agent.send(R"("watch":{"queue":true})")).contains("live"));

    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    const auto waiting = agent.event("summary");
    EXPECT_EQ(text_of(waiting, "conversationId"), conversation);
    EXPECT_EQ(text_of(waiting, "state"), "CONVERSATION_STATE_QUEUED");
    done(agent, about("claim", conversation));
    const auto id = colleague.send(about("claim", conversation));
    const auto error = colleague.reply(id).at("error").as_object();
    EXPECT_EQ(text_of(error, "code"), "already_taken");
    EXPECT_EQ(text_of(error.at("takenBy").as_object(), "name"), "Agent 1");
    object summary;
    do
        summary = visitor.event("summary");
    while (!summary.contains("agent"));
    EXPECT_EQ(text_of(summary.at("agent").as_object(), "name"), "Agent 1");
}

TEST_F(DeskTest, K4_K9_TypingIsShownToTheConnectionsThatViewTheConversation) {
    auto agent = at_desk();
    auto other_tab = at_desk();
    welcome_agent(agent);
    welcome_agent(other_tab);
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    done(other_tab, R"("view":{})");
    visitor.send(about("typing", conversation));
    agent.event("typing");
    const auto kinds = events_before(other_tab, other_tab.send(R"("view":{})"));
    EXPECT_EQ(std::ranges::count(kinds, "typing"), 0);
}

TEST_F(DeskTest, K9_ADraftIsShownWhereTheAgentViewsTheConversationAndNowhereElse) {
    server.allow_drafts(true);
    auto agent = at_desk();
    auto agents_other_tab = at_desk();
    auto colleague = at_desk();
    auto manager = at_desk();
    welcome_agent(agent);
    welcome_agent(agents_other_tab);
    welcome_agent(colleague, 2);
    welcome_agent(manager, 3);
    auto visitor = at_shop();
    auto visitors_other_tab = at_shop();
    const auto welcomed = welcome(visitor);
    EXPECT_TRUE(welcomed.contains("draftPreview"));
    welcome(visitors_other_tab, R"("token":")" + text_of(welcomed, "token") + "\"");
    const auto conversation = talk(visitor);
    done(agent, showing(conversation));
    done(agents_other_tab, R"("view":{})");
    manager.reply(manager.send(R"("watch":{"agents":true,"queue":true})"));

    visitor.send(draft(conversation, "<b>I would li"));
    EXPECT_EQ(text_of(agent.event("typing"), "draft"), "<b>I would li");
    for (auto* other : {&agents_other_tab, &colleague, &manager})
        EXPECT_EQ(typed_before(*other, other->send(R"("view":{})")), 0);
    for (auto* own : {&visitor, &visitors_other_tab})
        EXPECT_EQ(typed_before(*own, own->send(about("confirm", conversation))), 0);
}

TEST_F(DeskTest, K9_WithoutTheTenantsLeaveOnlyTheTypingIsShown) {
    auto agent = at_desk();
    welcome_agent(agent);
    auto visitor = at_shop();
    EXPECT_FALSE(welcome(visitor).contains("draftPreview"));
    const auto conversation = talk(visitor);
    visitor.send(draft(conversation, "I would li"));
    EXPECT_FALSE(agent.event("typing").contains("draft"));
    server.allow_drafts(true);
    visitor.send(draft(conversation, "I would lik"));
    EXPECT_EQ(text_of(agent.event("typing"), "draft"), "I would lik");
    server.allow_drafts(false);
    visitor.send(draft(conversation, "I would like"));
    EXPECT_FALSE(agent.event("typing").contains("draft"));
}

TEST_F(DeskTest, K9_ADraftOfAnAgentOrOneTooLongIsRefused) {
    server.allow_drafts(true);
    auto agent = at_desk();
    welcome_agent(agent);
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    EXPECT_EQ(agent.refusal(agent.send(draft(conversation, "psst"))), "invalid");
    EXPECT_EQ(visitor.refusal(visitor.send(draft(conversation, std::string(513, 'x')))), "invalid");
    agent.send(about("typing", conversation));
    EXPECT_FALSE(visitor.event("typing").contains("draft"));
}

TEST_F(DeskTest, LoggingOutEndsAllTabsAndTheTenantIsToldWhy) {
    auto logged_out = std::make_shared<std::atomic<int>>(0);
    server.gate->set_script([logged_out](const Command& command) -> std::optional<Reply> {
        const auto* disconnect = std::get_if<Disconnect>(&command.what);
        if (disconnect != nullptr && disconnect->logged_out) ++*logged_out;
        return std::nullopt;
    });
    auto agent = at_desk();
    auto other_tab = at_desk();
    auto colleague = at_desk();
    welcome_agent(agent);
    welcome_agent(other_tab);
    welcome_agent(colleague, 2);
    server.log_out(1);
    EXPECT_EQ(agent.raw.read_close_code(), 4500);
    EXPECT_EQ(other_tab.raw.read_close_code(), 4500);
    EXPECT_TRUE(GatewayServer::becomes([&] { return *logged_out == 2; }));
    done(colleague, R"("setAway":{"away":true})");
}

TEST_F(DeskTest, AVisitorWhoIsBlockedSeesAnOrdinaryEnd) {
    auto agent = at_desk();
    welcome_agent(agent);
    auto visitor = at_shop();
    welcome(visitor, R"("kinds":["system","block"])");
    const auto conversation = talk(visitor);
    const auto id =
        agent.send(R"("block":{"conversationId":")" + conversation + R"(","reason":"abuse"})");
    EXPECT_FALSE(text_of(agent.reply(id).at("blocked").as_object(), "blockId").empty());
    object summary;
    do
        summary = visitor.event("summary");
    while (!summary.contains("closeReason"));
    EXPECT_EQ(text_of(summary, "closeReason"), "CLOSE_REASON_AGENT");
    const auto page = visitor.reply(visitor.send(about("read", conversation)));
    EXPECT_EQ(boost::json::serialize(page).find("abuse"), std::string::npos);
    EXPECT_EQ(visitor.refusal(visitor.send(start(9))), "nobody_available");

    auto manager = at_desk();
    welcome_agent(manager, 3);
    const auto list = manager.reply(manager.send(R"("listBlocks":{})"));
    const auto& block = list.at("blocks").at("blocks").as_array().front().as_object();
    EXPECT_EQ(text_of(block, "reason"), "abuse");
    done(manager, R"("liftBlock":{"blockId":")" + text_of(block, "blockId") + "\"}");
    EXPECT_TRUE(visitor.reply(visitor.send(start(9))).contains("stored"));
}

TEST_F(DeskTest, ALinkIsShownAsWhatItIs) {
    auto agent = at_desk();
    welcome_agent(agent);
    auto visitor = at_shop();
    welcome(visitor, R"("kinds":["link"])");
    const auto conversation = talk(visitor);
    const auto link = [&](const std::string& url) {
        return R"("send":{"conversationId":")" + conversation + R"(","clientMsgId":")" +
               message_id(5) + R"(","link":{"url":")" + url + "\"}}";
    };
    EXPECT_EQ(agent.refusal(agent.send(link("javascript:alert(1)"))), "invalid");
    EXPECT_TRUE(agent.reply(agent.send(link("https://shop.example/tea"))).contains("stored"));
    object entry;
    do
        entry = visitor.event("entry");
    while (!entry.contains("link"));
    EXPECT_EQ(text_of(entry.at("link").as_object(), "url"), "https://shop.example/tea");
}

TEST_F(DeskTest, AConversationIsRatedAndItsFormFilledAfterItsEnd) {
    auto agent = at_desk();
    welcome_agent(agent);
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    EXPECT_TRUE(agent.reply(agent.send(about("close", conversation))).contains("closed"));
    done(visitor, R"("rate":{"conversationId":")" + conversation + R"(","stars":5})");
    done(agent, R"("fillForm":{"conversationId":")" + conversation + R"(","tags":["tea"]})");
    EXPECT_EQ(agent.refusal(
                  agent.send(R"("rate":{"conversationId":")" + conversation + R"(","stars":5})")),
              "forbidden");
}

}  // namespace
}  // namespace switchboard
