#include "wire/decode_command.hpp"

#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include "support/wire_samples.hpp"
#include "switchboard/v1/frames.pb.h"
#include "wire/decode_field.hpp"

namespace switchboard {
namespace {

const std::string conversation = to_text(sample_conversation);
const std::string message_text = to_text(sample_message);

std::string in_frames(const std::string& frame) { return "{\"frames\":[" + frame + "]}"; }

std::string send_of(const std::string& conversation_id,
                    const std::string& client_msg_id,
                    const std::string& body) {
    return in_frames(R"({"id":1,"send":{"conversationId":")" + conversation_id +
                     R"(","clientMsgId":")" + client_msg_id + "\"," + body + "}}");
}

std::string command(const std::string& fields) { return in_frames("{\"id\":1," + fields + "}"); }

// A command about the conversation, with more fields.
std::string about(const std::string& name, const std::string& more) {
    return command("\"" + name + R"(":{"conversationId":")" + conversation + "\"" + more + "}");
}

std::string many_tags(int count) {
    std::string tags = "\"vip\"";
    for (int i = 1; i < count; ++i)
        tags += ",\"vip\"";
    return tags;
}

auto decode_json(const std::string& json) {
    std::uint32_t last_id = 0;
    return decode_command(json, Encoding::json, last_id);
}

auto decode_binary(const v1::ClientFrames& frames) {
    std::uint32_t last_id = 0;
    return decode_command(frames.SerializeAsString(), Encoding::binary, last_id);
}

// The field that the only frame was refused for; empty when it was not.
std::string refused_field(const std::string& json) {
    const auto frames = decode_json(json);
    if (!frames || frames->size() != 1) return "(not one frame)";
    const auto* refused = std::get_if<Refused>(&frames->front().what);
    if (refused == nullptr) return "";
    EXPECT_EQ(refused->reason, Refusal::invalid);
    return std::string(refused->field);
}

CloseCode close_of(const std::string& bytes, Encoding encoding) {
    std::uint32_t last_id = 0;
    const auto frames = decode_command(bytes, encoding, last_id);
    return frames ? CloseCode::normal : frames.error();
}

TEST(DecodeCommand, ReadsASendFromBothSubprotocols) {
    v1::ClientFrames frames;
    auto& frame = *frames.add_frames();
    frame.set_id(1);
    frame.mutable_send()->set_conversation_id(conversation);
    frame.mutable_send()->set_client_msg_id(message_text);
    frame.mutable_send()->mutable_text()->set_text("h\u00e9");

    const auto binary = decode_binary(frames);
    const auto json = decode_json(send_of(conversation, message_text, R"("text":{"text":"hé"})"));
    for (const auto* decoded : {&binary, &json}) {
        ASSERT_TRUE(*decoded);
        const auto& send = std::get<SendMessage>((*decoded)->front().what);
        EXPECT_EQ(send.conversation, sample_conversation);
        EXPECT_EQ(send.client_message_id, sample_message);
        EXPECT_EQ(send.kind, EntryKind::text);
        EXPECT_EQ(send.text, "h\u00e9");
    }
}

TEST(DecodeCommand, ReadsAHelloWithEverything) {
    const auto frames = decode_json(in_frames(
        R"({"id":1,"hello":{"token":"t","ticket":"k","name":"Vera","kinds":["note","hologram"],)"
        R"("resume":{"sessionId":")" +
        conversation + R"(","lineage":"l1","positions":[{"conversationId":")" + conversation +
        R"(","seq":9}]}}})"));
    ASSERT_TRUE(frames);
    const auto& hello = std::get<Hello>(frames->front().what);
    EXPECT_EQ(hello.token, "t");
    EXPECT_EQ(hello.ticket, "k");
    EXPECT_EQ(hello.name, "Vera");
    EXPECT_TRUE(hello.kinds.has(EntryKind::text));
    EXPECT_TRUE(hello.kinds.has(EntryKind::note));
    EXPECT_FALSE(hello.kinds.has(EntryKind::system));
    ASSERT_TRUE(hello.resume);
    EXPECT_EQ(hello.resume->lineage, "l1");
    EXPECT_EQ(hello.resume->positions, (std::vector<Position>{{sample_conversation, 9}}));
}

TEST(DecodeCommand, NamesTheFieldThatIsWrong) {
    const std::string long_text(text_bytes_max + 1, 'x');
    const std::string ok = R"("text":{"text":"x"})";
    const std::string v4 = "0190c2f4-6b1e-4c3a-9d55-0123456789ab";
    const std::string none = "00000000-0000-0000-0000-000000000000";
    const std::vector<std::pair<std::string, std::string>> cases{
        {send_of(conversation, message_text, ok), ""},
        {send_of("nonsense", message_text, ok), "conversation_id"},
        {send_of(none, message_text, ok), "conversation_id"},
        {send_of(conversation, v4, ok), "client_msg_id"},
        {send_of(conversation, "", ok), "client_msg_id"},
        {send_of(conversation, message_text, R"("later":{})"), "body"},
        {send_of(conversation, message_text, R"("text":{"text":""})"), "text"},
        {send_of(conversation, message_text, R"("text":{"text":"a\u0000b"})"), "text"},
        {send_of(conversation, message_text, R"("note":{"text":")" + long_text + "\"}"), "text"},
        {in_frames(R"({"id":1,"start":{"channel":"CHANNEL_SMOKE","text":"x"}})"), "channel"},
        {in_frames(R"({"id":1,"start":{"text":"x"}})"), "channel"},
        {in_frames(R"({"id":1,"read":{"conversationId":")" + conversation + R"(","limit":201}})"),
         "limit"},
        {in_frames(R"({"id":1,"read":{"conversationId":")" + conversation +
                   R"(","afterSeq":4294967295}})"),
         "after_seq"},
        {in_frames(R"({"id":1,"report":{"conversationId":")" + conversation +
                   R"(","deliveredSeq":2147483648}})"),
         "delivered_seq"},
        {in_frames(R"({"id":1,"typing":{}})"), "conversation_id"},
        {about("typing", R"(,"draft":")" + std::string(513, 'x') + "\""), "draft"},
        {about("typing", R"(,"draft":"\u0000")"), "draft"},
        {in_frames(R"({"id":1,"hello":{"resume":{"sessionId":"x"}}})"), "resume.session_id"},
        {in_frames(R"({"id":1,"hello":{"token":")" + std::string(5000, 't') + "\"}}"), "token"},
        {send_of(conversation, message_text, R"("link":{"url":"javascript:alert"})"), "url"},
        {command(R"("setPresence":{"agentId":"x","intent":"INTENT_AVAILABLE"})"), "agent_id"},
        {command(R"("setPresence":{"channel":"CHANNEL_SMOKE","intent":1})"), "channel"},
        {command(R"("setPresence":{"channel":9,"intent":1})"), "channel"},
        {command(R"("setPresence":{})"), "intent"},
        {command(R"("setPresence":{"intent":2,"text":")" + std::string(201, 'x') + "\"}"), "text"},
        {command(R"("confirm":{})"), "conversation_id"},
        {command(R"("claim":{"conversationId":"7"})"), "conversation_id"},
        {command(R"("setInactive":{})"), "conversation_id"},
        {command(R"("finishWrapUp":{})"), "conversation_id"},
        {command(R"("block":{"reason":"abuse"})"), "whom"},
        {command(R"("block":{"conversationId":"x"})"), "conversation_id"},
        {command(R"("block":{"visitorId":"x"})"), "visitor_id"},
        {about("block", R"(,"reason":")" + std::string(501, 'x') + "\""), "reason"},
        {about("block", R"(,"reason":"\u0000")"), "reason"},
        {command(R"("liftBlock":{})"), "block_id"},
        {about("fillForm", R"(,"tags":[""])"), "tags"},
        {about("fillForm", R"(,"tags":[")" + std::string(65, 'x') + "\"]"), "tags"},
        {about("fillForm", R"(,"tags":[)" + many_tags(21) + "]"), "tags"},
        {about("fillForm", R"(,"tags":[)" + many_tags(20) + "]"), ""},
        {about("fillForm", R"(,"note":")" + std::string(4097, 'x') + "\""), "note"},
        {about("rate", ""), "stars"},
        {about("rate", R"(,"stars":6)"), "stars"},
        {about("rate", R"(,"stars":5,"comment":")" + std::string(4097, 'x') + "\""), "comment"},
        {command(R"("view":{"conversationIds":["x"]})"), "conversation_ids"},
        {command(R"("view":{"focusedId":")" + conversation + "\"}"), "focused_id"},
    };
    for (const auto& [json, field] : cases)
        EXPECT_EQ(refused_field(json), field) << json.substr(0, 200);
}

// The only frame, read from JSON and, by way of protobuf's own mapping, from binary.
template <class What>
std::array<What, 2> decode_both(const std::string& json) {
    v1::ClientFrames frames;
    EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(json, &frames).ok()) << json;
    const auto from_json = decode_json(json);
    const auto from_binary = decode_binary(frames);
    return {std::get<What>(from_json->front().what), std::get<What>(from_binary->front().what)};
}

TEST(DecodeCommand, ReadsWhatAnAgentWants) {
    for (const auto& set : decode_both<SetPresence>(command(
             R"("setPresence":{"agentId":")" + to_text(sample_agent) +
             R"(","channel":"CHANNEL_CALL","intent":"INTENT_UNAVAILABLE","text":"tea"})"))) {
        EXPECT_EQ(set.agent, sample_agent);
        EXPECT_EQ(set.channel, Channel::call);
        EXPECT_EQ(set.intent, Intent::unavailable);
        EXPECT_EQ(set.text, "tea");
    }
    for (const auto& set :
         decode_both<SetPresence>(command(R"("setPresence":{"intent":"INTENT_AVAILABLE"})"))) {
        EXPECT_FALSE(set.agent) << "oneself";
        EXPECT_EQ(set.channel, std::nullopt) << "all channels";
        EXPECT_EQ(set.intent, Intent::available);
    }
    for (const auto& away : decode_both<SetAway>(command(R"("setAway":{"away":true})")))
        EXPECT_TRUE(away.away);
}

TEST(DecodeCommand, ReadsABlock) {
    for (const auto& block : decode_both<BlockVisitor>(
             about("block", R"(,"reason":"abuse","expiresAt":"2023-11-14T22:13:20.250Z")"))) {
        EXPECT_EQ(block.conversation, sample_conversation);
        EXPECT_FALSE(block.visitor);
        EXPECT_EQ(block.reason, "abuse");
        EXPECT_EQ(block.expires_at, sample_time);
    }
    for (const auto& block : decode_both<BlockVisitor>(
             command(R"("block":{"visitorId":")" + to_text(sample_visitor) + "\"}"))) {
        EXPECT_FALSE(block.conversation);
        EXPECT_EQ(block.visitor, sample_visitor);
        EXPECT_EQ(block.expires_at, std::nullopt);
    }
}

TEST(DecodeCommand, RefusesATimeThatIsNone) {
    v1::ClientFrames frames;
    auto& frame = *frames.add_frames();
    frame.set_id(1);
    frame.mutable_block()->set_visitor_id(to_text(sample_visitor));
    for (const auto& [seconds, nanos] : std::vector<std::pair<std::int64_t, int>>{
             {std::numeric_limits<std::int64_t>::max(), 0}, {0, -1}, {0, 1'000'000'000}}) {
        frame.mutable_block()->mutable_expires_at()->set_seconds(seconds);
        frame.mutable_block()->mutable_expires_at()->set_nanos(nanos);
        const auto decoded = decode_binary(frames);
        EXPECT_EQ(std::get<Refused>(decoded->front().what).field, "expires_at");
    }
}

TEST(DecodeCommand, ReadsFormsRatingsAndWatches) {
    for (const auto& form :
         decode_both<FillClosingForm>(about("fillForm", R"(,"tags":["a","b"],"note":"n")"))) {
        EXPECT_EQ(form.conversation, sample_conversation);
        EXPECT_EQ(form.tags, (std::vector<std::string>{"a", "b"}));
        EXPECT_EQ(form.note, "n");
    }
    for (const auto& rate :
         decode_both<RateConversation>(about("rate", R"(,"stars":5,"comment":"c")"))) {
        EXPECT_EQ(rate.stars, 5);
        EXPECT_EQ(rate.comment, "c");
    }
    for (const auto& watch : decode_both<ShowLive>(command(R"("watch":{"queue":true})"))) {
        EXPECT_FALSE(watch.agents);
        EXPECT_TRUE(watch.queue);
    }
}

TEST(DecodeCommand, K4_AViewIsOfFourConversationsAtMostAndTheFocusedIsOneOfThem) {
    for (const auto& view :
         decode_both<View>(command(R"("view":{"conversationIds":[")" + conversation +
                                   R"("],"focusedId":")" + conversation + "\"}"))) {
        EXPECT_EQ(view.conversations, std::vector{sample_conversation});
        EXPECT_EQ(view.focused, sample_conversation);
    }
    std::string shown = "\"" + conversation + "\"";
    for (int more = 1; more < 4; ++more)
        shown += ",\"" + conversation + "\"";
    const auto view_of = [](const std::string& ids, const std::string& focused) {
        return command("\"view\":{\"conversationIds\":[" + ids + "],\"focusedId\":\"" + focused +
                       "\"}");
    };
    EXPECT_EQ(refused_field(view_of(shown, conversation)), "");
    EXPECT_EQ(refused_field(view_of(shown + ",\"" + conversation + "\"", "")), "conversation_ids");
    EXPECT_EQ(refused_field(view_of(shown, "0190c2f4-0000-4000-8000-0000000000ff")), "focused_id");
}

TEST(DecodeCommand, ALinkIsAnAddressThatAPersonMayBeAskedToOpen) {
    for (const std::string url : {"http://a",
                                  "HTTPS://Shop.Example:8443/a%20b?q={x|y}&z='1'#frag",
                                  "https://[::1]:80/",
                                  "https://a/@b"})
        EXPECT_TRUE(is_link(url)) << url;
    for (const std::string url : {"",
                                  "https",
                                  "https:",
                                  "https://",
                                  "https:///path",
                                  "https://:80/",
                                  "//shop.example",
                                  "shop.example",
                                  "javascript:alert(1)",
                                  " https://a",
                                  "java\nscript:alert(1)",
                                  "data:text/html,x",
                                  "ftp://a",
                                  "https://bank.example@evil.example/",
                                  "https://a/b c",
                                  "https://a/\"onclick=\"",
                                  "https://a/<b>",
                                  "https:\\\\a",
                                  "https://a/\\b",
                                  "https://a/\xc3\xa9"})
        EXPECT_FALSE(is_link(url)) << url;
    EXPECT_TRUE(is_link("https://a/" + std::string(url_bytes_max - 10, 'x')));
    EXPECT_FALSE(is_link("https://a/" + std::string(url_bytes_max - 9, 'x')));
}

TEST(DecodeCommand, AWrongFieldLeavesTheNeighboursAlone) {
    const auto frames = decode_json(R"({"frames":[{"id":3,"typing":{}},{"id":4,"close":)"
                                    R"({"conversationId":")" +
                                    conversation + R"("}}]})");
    ASSERT_TRUE(frames);
    ASSERT_EQ(frames->size(), 2U);
    EXPECT_TRUE(std::holds_alternative<Refused>(frames->front().what));
    EXPECT_TRUE(std::holds_alternative<CloseConversation>(frames->back().what));
}

TEST(DecodeCommand, WhatIsNotTheSubprotocolCloses) {
    const std::string deep(200, '[');
    for (const std::string bad :
         {"", "{", "[]", "nonsense", "{\"frames\":3}", "{\"frames\":[{\"id\":\"x\"}]}"})
        EXPECT_NE(close_of(bad, Encoding::json), CloseCode::normal) << bad;
    EXPECT_EQ(close_of("{\"frames\":[" + deep, Encoding::json), CloseCode::not_the_subprotocol);
    EXPECT_EQ(close_of("\xff\xff\xff", Encoding::binary), CloseCode::not_the_subprotocol);
    EXPECT_EQ(close_of("{\"x\":\"\xff\"}", Encoding::json), CloseCode::not_the_subprotocol);
    EXPECT_EQ(close_of(std::string(message_bytes_max + 1, ' '), Encoding::json),
              CloseCode::too_big);
}

TEST(DecodeCommand, WhatBreaksTheProtocolCloses) {
    EXPECT_EQ(close_of("", Encoding::binary), CloseCode::bad_frame) << "no frame";
    EXPECT_EQ(close_of("{}", Encoding::json), CloseCode::bad_frame) << "no frame";
    EXPECT_EQ(close_of(in_frames(R"({"id":1})"), Encoding::json), CloseCode::bad_frame);
    EXPECT_EQ(close_of(in_frames(R"({"id":1,"dance":{}})"), Encoding::json), CloseCode::bad_frame);
    EXPECT_EQ(close_of(in_frames(R"({"typing":{}})"), Encoding::json), CloseCode::bad_frame)
        << "id 0";
    EXPECT_EQ(close_of(in_frames(R"({"id":2,"typing":{}},{"id":2,"typing":{}})"), Encoding::json),
              CloseCode::bad_frame);

    std::string many = R"({"id":1,"typing":{}})";
    for (std::size_t id = 2; id <= frames_max; ++id)
        many += ",{\"id\":" + std::to_string(id) + ",\"typing\":{}}";
    EXPECT_EQ(close_of(in_frames(many), Encoding::json), CloseCode::normal);
    EXPECT_EQ(close_of(in_frames(many + R"(,{"id":65,"typing":{}})"), Encoding::json),
              CloseCode::bad_frame);
}

TEST(DecodeCommand, IdsRiseOverTheWholeConnection) {
    std::uint32_t last_id = 0;
    const auto typing = [&](int id) {
        const auto json = in_frames("{\"id\":" + std::to_string(id) + ",\"typing\":{}}");
        return decode_command(json, Encoding::json, last_id).has_value();
    };
    EXPECT_TRUE(typing(1));
    EXPECT_TRUE(typing(7));
    EXPECT_EQ(last_id, 7U);
    EXPECT_FALSE(typing(7));
}

TEST(DecodeCommand, K9_ADraftIsAnyTextOfAtMost512Bytes) {
    v1::ClientFrames frames;
    auto& frame = *frames.add_frames();
    frame.set_id(1);
    auto& typing = *frame.mutable_typing();
    typing.set_conversation_id(conversation);
    std::string longest;
    while (longest.size() < draft_bytes_max)
        longest += "é";
    for (const auto& draft : {std::string(), std::string(" <b>\n"), longest}) {
        typing.set_draft(draft);
        const auto binary = decode_binary(frames);
        ASSERT_TRUE(binary);
        EXPECT_EQ(std::get<ShowTyping>(binary->front().what).draft, draft);
    }
    const auto json = decode_json(in_frames(R"({"id":1,"typing":{"conversationId":")" +
                                            conversation + R"(","draft":"\u00e9"}})"));
    ASSERT_TRUE(json);
    EXPECT_EQ(std::get<ShowTyping>(json->front().what).draft, "é");
}

TEST(DecodeCommand, WhatWasSeenWasDelivered) {
    const auto frames = decode_json(
        in_frames(R"({"id":1,"report":{"conversationId":")" + conversation + R"(","seenSeq":4}})"));
    ASSERT_TRUE(frames);
    const auto& report = std::get<ReportProgress>(frames->front().what);
    EXPECT_EQ(report.delivered, 4);
    EXPECT_EQ(report.seen, 4);
}

// A command added to the schema must be added to the decoder: each member of the oneof, empty, is
// understood well enough to be read or refused by a field, and no two as the same thing.
TEST(DecodeCommand, KnowsEveryCommandOfTheSchema) {
    const auto* commands = v1::ClientFrame::descriptor()->FindOneofByName("command");
    for (int i = 0; i < commands->field_count(); ++i) {
        const auto* field = commands->field(i);
        v1::ClientFrames frames;
        auto& frame = *frames.add_frames();
        frame.set_id(1);
        frame.GetReflection()->MutableMessage(&frame, field);
        EXPECT_TRUE(decode_binary(frames)) << field->name();
        EXPECT_TRUE(decode_json(in_frames("{\"id\":1,\"" + field->json_name() + "\":{}}")))
            << field->name();
    }
    EXPECT_EQ(std::variant_size_v<decltype(ClientFrame::what)>,
              static_cast<std::size_t>(commands->field_count()) + 1)
        << "each command is a type of its own; the one more is Refused";
}

}  // namespace
}  // namespace switchboard
