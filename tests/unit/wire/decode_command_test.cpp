#include "wire/decode_command.hpp"

#include <gtest/gtest.h>

#include "support/wire_samples.hpp"
#include "switchboard/v1/frames.pb.h"

namespace switchboard {
namespace {

const std::string conversation = to_text(sample_conversation);
const std::string message = to_text(sample_message);

std::string in_frames(const std::string& frame) { return "{\"frames\":[" + frame + "]}"; }

std::string send_of(const std::string& conversation_id,
                    const std::string& client_msg_id,
                    const std::string& body) {
    return in_frames(R"({"id":1,"send":{"conversationId":")" + conversation_id +
                     R"(","clientMsgId":")" + client_msg_id + "\"," + body + "}}");
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
    frame.mutable_send()->set_client_msg_id(message);
    frame.mutable_send()->mutable_text()->set_text("h\u00e9");

    const auto binary = decode_binary(frames);
    const auto json = decode_json(send_of(conversation, message, R"("text":{"text":"hé"})"));
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
        {send_of(conversation, message, ok), ""},
        {send_of("nonsense", message, ok), "conversation_id"},
        {send_of(none, message, ok), "conversation_id"},
        {send_of(conversation, v4, ok), "client_msg_id"},
        {send_of(conversation, "", ok), "client_msg_id"},
        {send_of(conversation, message, R"("later":{})"), "body"},
        {send_of(conversation, message, R"("text":{"text":""})"), "text"},
        {send_of(conversation, message, R"("text":{"text":"a\u0000b"})"), "text"},
        {send_of(conversation, message, R"("note":{"text":")" + long_text + "\"}"), "text"},
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
        {in_frames(R"({"id":1,"hello":{"resume":{"sessionId":"x"}}})"), "resume.session_id"},
        {in_frames(R"({"id":1,"hello":{"token":")" + std::string(5000, 't') + "\"}}"), "token"},
    };
    for (const auto& [json, field] : cases)
        EXPECT_EQ(refused_field(json), field) << json.substr(0, 200);
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
