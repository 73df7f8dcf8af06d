#include <gmock/gmock.h>

#include <deque>

#include "integration/gateway/session_fixture.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

TEST_F(SessionTest, AVisitorAndAnAgentTalk) {
    auto agent = at_desk();
    const auto desk = welcome_agent(agent);
    EXPECT_EQ(text_of(desk.at("self").as_object(), "name"), "Agent 1");
    EXPECT_EQ(desk.at("presence").as_array().size(), 1U);

    auto visitor = at_shop();
    const auto site = welcome(visitor, R"("name":"Vera")");
    EXPECT_FALSE(text_of(site, "token").empty());
    const auto conversation = talk(visitor);
    const auto summary = agent.event("summary");
    EXPECT_EQ(text_of(summary, "conversationId"), conversation);
    EXPECT_EQ(text_of(summary.at("visitor").as_object(), "name"), "Vera");
    EXPECT_EQ(text_of(summary, "lastVisitorMessage"), "hello");

    const auto sent = agent.send(send_text(conversation, 2, "how can I help?"));
    const auto stored = agent.reply(sent).at("stored").as_object();
    EXPECT_EQ(text_of(stored, "conversationId"), conversation);
    object entry;
    do
        entry = visitor.event("entry");
    while (!entry.contains("text") || body_of(entry) == "hello");
    EXPECT_EQ(body_of(entry), "how can I help?");
    EXPECT_EQ(number_of(entry, "seq"), number_of(stored, "seq"));
    EXPECT_EQ(text_of(entry.at("author").as_object(), "name"), "Agent 1");
}

TEST_F(SessionTest, AnEntryAndTheAnswerToItsSenderTravelInOneMessage) {
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    const auto id = visitor.send(send_text(conversation, 2, "again"));
    EXPECT_EQ(body_of(visitor.event("entry")), "again");
    EXPECT_GE(visitor.frames_of_last_message(), 2U);
    EXPECT_TRUE(visitor.reply(id).contains("stored"));
}

TEST_F(SessionTest, TheSameClientIdIsAnsweredTheSame) {
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    const auto again = send_text(conversation, 2, "once");
    const auto first = visitor.reply(visitor.send(again)).at("stored").as_object();
    const auto second = visitor.reply(visitor.send(again)).at("stored").as_object();
    EXPECT_EQ(first, second);
}

TEST_F(SessionTest, ATokenMakesHimTheSameVisitorAndHisConversationIsThere) {
    std::string token;
    std::string conversation;
    {
        auto visitor = at_shop();
        token = text_of(welcome(visitor), "token");
        conversation = talk(visitor);
    }
    auto visitor = at_shop();
    const auto again = welcome(visitor, "\"token\":\"" + token + "\"");
    EXPECT_FALSE(again.contains("token")) << "his own is good enough";
    const auto& open = again.at("conversations").as_array();
    ASSERT_EQ(open.size(), 1U);
    EXPECT_EQ(text_of(open.front().as_object(), "conversationId"), conversation);

    const auto id = visitor.send(R"("read":{"conversationId":")" + conversation + "\"}");
    const auto page = visitor.reply(id).at("entries").as_object().at("entries").as_array();
    ASSERT_FALSE(page.empty());
    EXPECT_EQ(body_of(page.front().as_object()), "hello");
}

TEST_F(SessionTest, OnesConversationIsNotFoundByAnother) {
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    auto stranger = at_shop();
    welcome(stranger);
    const std::string id = "{\"conversationId\":\"" + conversation + "\"}";
    EXPECT_EQ(stranger.refusal(stranger.send("\"read\":" + id)), "not_found");
    EXPECT_EQ(stranger.refusal(stranger.send("\"close\":" + id)), "not_found");
    EXPECT_EQ(stranger.refusal(stranger.send("\"typing\":" + id)), "not_found");
    EXPECT_EQ(stranger.refusal(stranger.send(send_text(conversation, 9, "x"))), "not_found");
}

// The fields of a hello that continues the session of that welcome.
std::string resume_at_first_entry(const boost::json::object& welcome,
                                  const std::string& conversation) {
    return "\"token\":\"" + text_of(welcome, "token") + R"(","resume":{"sessionId":")" +
           text_of(welcome, "sessionId") + R"(","lineage":")" + text_of(welcome, "lineage") +
           R"(","positions":[{"conversationId":")" + conversation + R"(","seq":1}]})";
}

TEST_F(SessionTest, S5_AResumeGetsWhatItMissedAndTheOldSocketIsClosedWith4502) {
    auto agent = at_desk();
    welcome_agent(agent);
    auto visitor = at_shop();
    const auto first = welcome(visitor);
    const auto conversation = talk(visitor);
    for (int message = 2; message <= 6; ++message)
        agent.reply(agent.send(send_text(conversation, message, std::to_string(message))));

    auto resumed = at_shop();
    const auto second = welcome(resumed, resume_at_first_entry(first, conversation));
    EXPECT_EQ(text_of(second, "sessionId"), text_of(first, "sessionId"));
    EXPECT_EQ(visitor.raw.read_close_code(), 4502);

    std::int64_t seq = 1;
    for (std::string last; last != "6";) {
        const auto entry = resumed.event("entry");
        EXPECT_EQ(number_of(entry, "prevSeq"), seq);
        seq = number_of(entry, "seq");
        if (entry.contains("text")) last = body_of(entry);
    }
    agent.reply(agent.send(send_text(conversation, 7, "live")));
    const auto live = resumed.event("entry");
    EXPECT_EQ(number_of(live, "seq"), seq + 1);
    EXPECT_EQ(body_of(live), "live");
}

TEST_F(SessionTest, AClientIsHeardWhileItIsShownWhatItMissed) {
    auto agent = at_desk();
    welcome_agent(agent);
    std::string conversation, resume;
    {
        auto visitor = at_shop();
        const auto first = welcome(visitor);
        conversation = talk(visitor);
        resume = resume_at_first_entry(first, conversation);
    }
    const std::string large(16'000, 'x');
    for (int message = 2; message < 500; ++message)  // more than the buffers on the way can hold
        agent.reply(agent.send(send_text(conversation, message, large)));

    server.gate->set_script([](const Command& command) -> std::optional<Reply> {
        if (!std::holds_alternative<ListBlocks>(command.what)) return std::nullopt;
        return BlocksView{std::vector<Block>(20'000)};  // the same
    });
    JsonClient slow(server.port(), GatewayServer::shop, shop_origin, 64 << 10);
    welcome(slow, resume);
    slow.send("\"listBlocks\":{}");
    slow.send(R"("read":{"conversationId":")" + conversation + "\"}");
    server.gate->hold();
    const auto close = slow.send(R"("close":{"conversationId":")" + conversation + "\"}");
    ASSERT_TRUE(GatewayServer::becomes([&] { return server.gate->held() == 1; }));
    server.gate->let_go();

    std::int64_t seq = 1;
    bool is_closed = false, is_answered = false, has_read = false, has_blocks = false;
    while (!is_closed || !is_answered || !has_read || !has_blocks) {
        const auto frame = slow.next();
        ASSERT_FALSE(frame.empty());
        if (const auto* reply = frame.if_contains("reply")) {
            const auto& answer = reply->as_object();
            is_answered = is_answered || number_of(answer, "id") == close;
            has_read = has_read || answer.contains("entries");
            const auto* blocks = answer.if_contains("blocks");
            has_blocks = has_blocks || (blocks != nullptr && !blocks->as_object().contains("more"));
            EXPECT_TRUE(is_closed) << "nobody is answered before he is shown why";
            continue;
        }
        const auto* entry = frame.at("event").as_object().if_contains("entry");
        if (entry == nullptr) continue;
        EXPECT_EQ(number_of(entry->as_object(), "prevSeq"), seq);
        seq = number_of(entry->as_object(), "seq");
        is_closed = seq >= 500 && !entry->as_object().contains("text");
    }
}

TEST_F(SessionTest, AResumeOfAnotherLineageIsToldToStartOver) {
    auto visitor = at_shop();
    welcome(visitor,
            R"("resume":{"sessionId":"0190c2f4-0000-4000-8000-000000000001","lineage":"other"})");
    visitor.event("resync");
}

TEST_F(SessionTest, TheNinthUnansweredCommandIsRefused) {
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    server.gate->hold();
    std::uint32_t id = 0;
    for (int message = 2; message <= 9; ++message)
        visitor.send(send_text(conversation, message, "x"));
    id = visitor.send(send_text(conversation, 10, "x"));
    EXPECT_EQ(visitor.refusal(id), "too_many_in_flight");
    server.gate->let_go();
    for (id -= 8; id < 11; ++id)
        EXPECT_TRUE(visitor.reply(id).contains("stored"));
    EXPECT_TRUE(visitor.reply(visitor.send(send_text(conversation, 10, "x"))).contains("stored"));
}

TEST_F(SessionTest, S5_TheSixthConnectionOfAPersonIsRefused) {
    auto first = at_shop();
    const auto token = "\"token\":\"" + text_of(welcome(first), "token") + "\"";
    std::deque<JsonClient> others;
    for (int i = 0; i < 4; ++i) {
        others.push_back(at_shop());
        welcome(others.back(), token);
    }
    auto sixth = at_shop();
    const auto error = sixth.reply(sixth.send(hello(token))).at("error").as_object();
    EXPECT_EQ(text_of(error, "code"), "too_many_connections");
    EXPECT_GT(number_of(error, "retryAfterMs"), 0);
    EXPECT_EQ(sixth.raw.read_close_code(), 4429);
}

TEST_F(SessionTest, ATenantThatDoesNotDecideTurnsTheHelloAway) {
    server.gate->set_script([](const Command& command) -> std::optional<Reply> {
        if (!std::holds_alternative<Connect>(command.what)) return std::nullopt;
        Refused refused;
        refused.reason = Refusal::unavailable;
        return refused;
    });
    auto visitor = at_shop();
    EXPECT_EQ(visitor.refusal(visitor.send(hello())), "unavailable");
    EXPECT_EQ(visitor.raw.read_close_code(), 1013);
}

TEST_F(SessionTest, TheTenantIsToldWhenASocketEnds) {
    {
        auto visitor = at_shop();
        welcome(visitor);
    }
    EXPECT_TRUE(GatewayServer::becomes([&] { return server.gate->disconnects() == 1; }));
    EXPECT_TRUE(GatewayServer::becomes([&] { return server.gateway->connections() == 0; }));
}

TEST_F(SessionTest, AWrongOriginOrPathIsRefusedBeforeTheUpgrade) {
    const auto status = [&](std::string_view path, std::string_view fields) {
        RawClient client(server.port());
        return status_of(client.upgrade("switchboard.v1.json", path, fields));
    };
    EXPECT_EQ(status(GatewayServer::shop, "Origin: https://shop.example\r\n"), 101);
    EXPECT_EQ(status(GatewayServer::shop, "Origin: https://evil.example\r\n"), 403);
    EXPECT_EQ(status(GatewayServer::shop, ""), 403);
    EXPECT_EQ(status(GatewayServer::desk, "Origin: https://shop.example\r\n"), 403);
    EXPECT_EQ(status("/v1/sites/none/socket", "Origin: https://shop.example\r\n"), 404);
    EXPECT_EQ(status("/socket", "Origin: https://shop.example\r\n"), 404);
}

TEST_F(SessionTest, DrainingAsksToComeBackClosesAndLetsNobodyIn) {
    auto visitor = at_shop();
    welcome(visitor);
    server.gateway->drain(0ms);
    visitor.event("goAway");
    EXPECT_EQ(visitor.raw.read_close_code(), 1012);
    RawClient late(server.port());
    const auto answer = late.upgrade(
        "switchboard.v1.json", GatewayServer::shop, "Origin: https://shop.example\r\n");
    EXPECT_EQ(status_of(answer), 503);
}

TEST_F(SessionTest, WhoIsLetInWhileDrainingBeginsIsAskedToComeBackToo) {
    server.sites().while_finding = [&] { server.gateway->drain(0ms); };
    auto visitor = at_shop();
    visitor.event("goAway");
    EXPECT_EQ(visitor.raw.read_close_code(), 1012);
}

TEST_F(SessionTest, ATicketOfALoginThatEndedOpensNothing) {
    const auto ticket = server.ticket();
    server.log_out(1);
    auto agent = at_desk();
    EXPECT_EQ(agent.refusal(agent.send(hello("\"ticket\":\"" + ticket + "\""))), "unauthorized");
    EXPECT_EQ(agent.raw.read_close_code(), 4500);
}

TEST_F(SessionTest, AnAgentWhoseLoginCannotBeCheckedMayComeAgain) {
    const auto ticket = server.ticket();
    server.accounts().set_reachable(false);
    auto agent = at_desk();
    EXPECT_EQ(agent.refusal(agent.send(hello("\"ticket\":\"" + ticket + "\""))), "unavailable");
    EXPECT_EQ(agent.raw.read_close_code(), 1013);
}

TEST_F(SessionTest, ATicketWorksOnce) {
    const auto fields = "\"ticket\":\"" + server.ticket() + "\"";
    auto agent = at_desk();
    welcome(agent, fields);
    auto second = at_desk();
    EXPECT_EQ(second.refusal(second.send(hello(fields))), "unauthorized");
    EXPECT_EQ(second.raw.read_close_code(), 4500);
}

// What a client may get wrong, and what it is told. A close code ends that connection alone.
struct BadInput {
    const char* what;
    std::string message;
    bool after_welcome = true;
    std::string refusal;  // empty: none
    int close_code = 0;   // 0: the connection lives on
};

void PrintTo(const BadInput& bad, std::ostream* out) { *out << bad.what; }

std::string one(const std::string& command) { return "{\"frames\":[{\"id\":2," + command + "}]}"; }

std::string many_frames() {
    std::string frames;
    for (int id = 2; id < 67; ++id)
        frames += (id == 2 ? "" : ",") + ("{\"id\":" + std::to_string(id) + ",\"typing\":{}}");
    return "{\"frames\":[" + frames + "]}";
}

const std::string unknown = "0190c2f4-0000-4000-8000-0000000000ff";
const std::string v4 = "0190c2f4-6b1e-4c3a-9d55-0123456789ab";

std::vector<BadInput> bad_inputs() {
    return {
        {"no JSON", "nonsense", true, "", 1007},
        {"no JSON at first", "nonsense", false, "", 1007},
        {"not UTF-8", "{\"\xff\":1}", true, "", 1007},
        {"too deep", std::string(5'000, '['), true, "", 1007},
        {"no frames", "{}", true, "", 4400},
        {"too many frames", many_frames(), true, "", 4400},
        {"no command", "{\"frames\":[{\"id\":2}]}", true, "", 4400},
        {"an id twice", "{\"frames\":[{\"id\":1,\"typing\":{}}]}", true, "", 4400},
        {"hello twice", one("\"hello\":{}"), true, "", 4400},
        {"another first frame",
         one("\"typing\":{\"conversationId\":\"" + unknown + "\"}"),
         false,
         "",
         4400},
        {"a malformed hello",
         one("\"hello\":{\"resume\":{\"sessionId\":\"x\"}}"),
         false,
         "invalid",
         4400},
        {"a token nobody gave",
         one("\"hello\":{\"token\":\"v1.k1.x.y\"}"),
         false,
         "unauthorized",
         4500},
        {"too big", std::string(200'000, ' '), true, "", 1009},
        {"an unknown conversation", one(send_text(unknown, 1, "x")), true, "not_found", 0},
        {"no conversation", one(send_text("x", 1, "x")), true, "invalid", 0},
        {"no text", one(send_text(unknown, 1, "")), true, "invalid", 0},
        {"too long a text",
         one(send_text(unknown, 1, std::string(17'000, 'x'))),
         true,
         "invalid",
         0},
        {"a NUL", one(send_text(unknown, 1, "a\\u0000b")), true, "invalid", 0},
        {"an id of another version",
         one("\"start\":{\"channel\":\"CHANNEL_CHAT\",\"text\":\"x\",\"clientMsgId\":\"" + v4 +
             "\"}"),
         true,
         "invalid",
         0},
        {"an unknown channel",
         one("\"start\":{\"channel\":\"CHANNEL_SMOKE\",\"text\":\"x\",\"clientMsgId\":\"" +
             message_id(1) + "\"}"),
         true,
         "invalid",
         0},
        {"a note from a visitor",
         one("\"send\":{\"conversationId\":\"" + unknown + "\",\"clientMsgId\":\"" + message_id(1) +
             "\",\"note\":{\"text\":\"x\"}}"),
         true,
         "not_found",
         0},
        {"a page too long",
         one("\"read\":{\"conversationId\":\"" + unknown + "\",\"limit\":201}"),
         true,
         "invalid",
         0},
        {"a page of nothing",
         one("\"read\":{\"conversationId\":\"" + unknown + "\"}"),
         true,
         "not_found",
         0},
    };
}

struct BadInputTest : SessionTest, testing::WithParamInterface<BadInput> {};

TEST_P(BadInputTest, IsAnsweredOrClosedAndTheNeighbourIsUnharmed) {
    auto neighbour = at_shop();
    welcome(neighbour);
    const auto conversation = talk(neighbour);

    const auto& bad = GetParam();
    auto client = at_shop();
    if (bad.after_welcome) welcome(client);
    client.send_raw(bad.message);
    if (!bad.refusal.empty()) {
        EXPECT_EQ(client.refusal(2), bad.refusal);
    }
    if (bad.close_code != 0) {
        EXPECT_EQ(client.raw.read_close_code(), bad.close_code);
    } else {
        client.send_raw(
            one("\"typing\":{\"conversationId\":\"" + unknown + "\"}").replace(17, 1, "3"));
        EXPECT_EQ(client.refusal(3), "not_found") << "the connection lives on";
    }
    const auto id = neighbour.send(send_text(conversation, 2, "still here"));
    EXPECT_TRUE(neighbour.reply(id).contains("stored"));
}

INSTANTIATE_TEST_SUITE_P(Inputs, BadInputTest, testing::ValuesIn(bad_inputs()));

GatewaySettings impatient() {
    auto settings = GatewayServer::lenient();
    settings.hello_timeout = 0s;
    return settings;
}

struct ImpatientSessionTest : SessionTest {
    ImpatientSessionTest() : SessionTest(impatient()) {}
};

TEST_F(ImpatientSessionTest, WithoutAHelloInTimeItCloses) {
    auto silent = at_shop();
    EXPECT_EQ(silent.raw.read_close_code(), 4400);
}

GatewaySettings strict() {
    auto settings = GatewayServer::lenient();
    settings.heartbeat_interval = 1s;
    settings.outbox = {.frames_max = 64, .bytes_behind = 64 << 10, .bytes_max = 256 << 10};
    settings.visitor.messages = {10min, 2};
    return settings;
}

struct StrictSessionTest : SessionTest {
    StrictSessionTest() : SessionTest(strict()) {}
};

TEST_F(StrictSessionTest, S5_K3_AHeartbeatTellsHowFarEachConversationHasCome) {
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    const auto heartbeat = visitor.event("heartbeat");
    const auto& heads = heartbeat.at("heads").as_array();
    ASSERT_EQ(heads.size(), 1U);
    EXPECT_EQ(text_of(heads.front().as_object(), "conversationId"), conversation);
    EXPECT_GE(number_of(heads.front().as_object(), "seq"), 1);
    EXPECT_FALSE(text_of(heartbeat, "serverNow").empty());
}

// What only TSan sees: on each thread the others are looked at after it.
TEST_F(StrictSessionTest, TheLastWhoKnowsASessionMayLetGoOfItOnAnyThread) {
    std::deque<JsonClient> others;
    for (int i = 0; i < 16; ++i) {
        others.push_back(at_shop());
        welcome(others.back());
    }
    {
        auto visitor = at_shop();
        welcome(visitor);
        server.gate->hold();
        visitor.send(start(1));
        ASSERT_TRUE(GatewayServer::becomes([&] { return server.gate->held() == 1; }));
    }
    ASSERT_TRUE(GatewayServer::becomes([&] { return server.gateway->connections() == 16; }));
    server.gate->forget();
    for (JsonClient& other : others) {
        EXPECT_FALSE(other.event("heartbeat").empty());
        EXPECT_FALSE(other.event("heartbeat").empty());
    }
}

TEST_F(StrictSessionTest, TooManyMessagesAreRefusedWithTheTimeToWait) {
    auto visitor = at_shop();
    welcome(visitor);
    const auto conversation = talk(visitor);
    EXPECT_TRUE(visitor.reply(visitor.send(send_text(conversation, 2, "x"))).contains("stored"));
    const auto third = visitor.send(send_text(conversation, 3, "x"));
    const auto error = visitor.reply(third).at("error").as_object();
    EXPECT_EQ(text_of(error, "code"), "rate_limited");
    EXPECT_GT(number_of(error, "retryAfterMs"), 500'000);
}

TEST_F(StrictSessionTest, AReaderSlowerThanItsTrafficIsClosed) {
    JsonClient visitor(server.port(), GatewayServer::shop, shop_origin, 64 << 10);
    welcome(visitor);
    const auto conversation = talk(visitor);
    auto agent = at_desk();
    welcome_agent(agent);
    const std::string large(16'000, 'x');
    for (int message = 2; message < 500; ++message)  // more than the buffers on the way can hold
        agent.reply(agent.send(send_text(conversation, message, large)));
    EXPECT_EQ(visitor.raw.read_close_code(), 4408);
}

}  // namespace
}  // namespace switchboard
