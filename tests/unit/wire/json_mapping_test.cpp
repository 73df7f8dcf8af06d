#include <google/protobuf/util/json_util.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "switchboard/v1/frames.pb.h"
#include "wire/parse_json.hpp"
#include "wire/print_json.hpp"

namespace switchboard {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// Sets every field to something that is not its default, oneofs to their last member.
void fill_in(Message& message, int depth = 0) {
    const auto& type = *message.GetDescriptor();
    const auto& reflection = *message.GetReflection();
    for (int i = 0; i < type.field_count(); ++i) {
        const auto* field = type.field(i);
        const bool is_list = field->is_repeated();
        if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
            if (depth > 8) continue;
            auto* inner = is_list ? reflection.AddMessage(&message, field)
                                  : reflection.MutableMessage(&message, field);
            fill_in(*inner, depth + 1);
            continue;
        }
        switch (field->cpp_type()) {
            case FieldDescriptor::CPPTYPE_STRING:
                if (is_list) reflection.AddString(&message, field, "x");
                if (!is_list) reflection.SetString(&message, field, "\"\\/\n\t\b\x7f<>é\u2028😀");
                break;
            case FieldDescriptor::CPPTYPE_UINT32:
                reflection.SetUInt32(&message, field, std::numeric_limits<std::uint32_t>::max());
                break;
            case FieldDescriptor::CPPTYPE_UINT64:
                reflection.SetUInt64(&message, field, std::numeric_limits<std::uint64_t>::max());
                break;
            case FieldDescriptor::CPPTYPE_BOOL:
                reflection.SetBool(&message, field, true);
                break;
            case FieldDescriptor::CPPTYPE_ENUM:
                reflection.SetEnumValue(&message, field, 1);
                break;
            case FieldDescriptor::CPPTYPE_INT32:  // nanoseconds
                reflection.SetInt32(&message, field, 123'456'000);
                break;
            case FieldDescriptor::CPPTYPE_INT64:  // seconds
                reflection.SetInt64(&message, field, 1'772'355'605);
                break;
            default:
                ADD_FAILURE() << field->full_name() << " has no JSON form yet";
        }
    }
}

template <class Frame>
std::vector<Frame> every_frame(const char* oneof) {
    std::vector<Frame> frames;
    const auto* choice = Frame::descriptor()->FindOneofByName(oneof);
    for (int i = 0; i < choice->field_count(); ++i) {
        auto& frame = frames.emplace_back();
        fill_in(*frame.GetReflection()->MutableMessage(&frame, choice->field(i)));
    }
    return frames;
}

std::string to_json(const Message& message) {
    std::string json;
    append_json(json, message);
    return json;
}

// What we print must be what protobuf itself reads.
template <class Frame>
void expect_readable(const char* oneof) {
    for (const auto& frame : every_frame<Frame>(oneof)) {
        Frame read;
        const auto json = to_json(frame);
        ASSERT_TRUE(google::protobuf::util::JsonStringToMessage(json, &read).ok()) << json;
        EXPECT_TRUE(MessageDifferencer::Equals(read, frame)) << json;
    }
}

TEST(JsonMapping, PrintsEveryFieldOfTheSchemaAsProtobufReadsIt) {
    expect_readable<v1::Reply>("result");
    expect_readable<v1::Event>("event");
    expect_readable<v1::Entry>("body");
    expect_readable<v1::ClientFrame>("command");
}

TEST(JsonMapping, ReadsWhatProtobufPrints) {
    for (const auto& frame : every_frame<v1::ClientFrame>("command")) {
        std::string json;
        ASSERT_TRUE(google::protobuf::util::MessageToJsonString(frame, &json).ok());
        v1::ClientFrame read;
        ASSERT_TRUE(parse_json(json, read)) << json;
        EXPECT_TRUE(MessageDifferencer::Equals(read, frame)) << json;
    }
}

TEST(JsonMapping, TimesHaveAsManyDigitsAsTheyNeed) {
    v1::Heartbeat heartbeat;
    const auto printed = [&](std::int64_t seconds, int nanos) {
        heartbeat.mutable_server_now()->set_seconds(seconds);
        heartbeat.mutable_server_now()->set_nanos(nanos);
        return to_json(heartbeat);
    };
    EXPECT_EQ(printed(0, 0), R"({"serverNow":"1970-01-01T00:00:00Z"})");
    EXPECT_EQ(printed(1'709'251'199, 250'000'000), R"({"serverNow":"2024-02-29T23:59:59.250Z"})");
    EXPECT_EQ(printed(1, 1'000), R"({"serverNow":"1970-01-01T00:00:01.000001Z"})");
    EXPECT_EQ(printed(1, 1), R"({"serverNow":"1970-01-01T00:00:01.000000001Z"})");
}

TEST(JsonMapping, UnderstandsEveryFormOfATime) {
    const auto parsed = [](const std::string& text) -> std::optional<std::pair<std::int64_t, int>> {
        v1::BlockVisitor block;
        if (!parse_json("{\"expiresAt\":\"" + text + "\"}", block)) return std::nullopt;
        return std::pair(block.expires_at().seconds(), block.expires_at().nanos());
    };
    using At = std::pair<std::int64_t, int>;
    EXPECT_EQ(parsed("1970-01-01T00:00:00Z"), At(0, 0));
    EXPECT_EQ(parsed("2024-02-29T23:59:59.250Z"), At(1'709'251'199, 250'000'000));
    EXPECT_EQ(parsed("1970-01-01T01:00:00.000000001+01:00"), At(0, 1));
    EXPECT_EQ(parsed("1969-12-31T23:30:00-00:30"), At(0, 0));
    EXPECT_EQ(parsed("0001-01-01T00:00:00Z"), At(-62'135'596'800, 0));
    EXPECT_EQ(parsed("9999-12-31T23:59:59Z"), At(253'402'300'799, 0));
    for (const auto* wrong : {"",
                              "now",
                              "2024-02-30T00:00:00Z",
                              "2024-13-01T00:00:00Z",
                              "0000-01-01T00:00:00Z",
                              "2024-01-01T24:00:00Z",
                              "2024-01-01T00:60:00Z",
                              "2024-01-01T00:00:60Z",
                              "2024-01-01T00:00:00",
                              "2024-01-01T00:00:00ZZ",
                              "2024-01-01T00:00:00.Z",
                              "2024-01-01T00:00:00.1234567890Z",
                              "2024-01-01 00:00:00Z",
                              "2024-01-01T00:00:00+1:00",
                              "2024-01-01T00:00:00+01:00x",
                              "+024-01-01T00:00:00Z",
                              "2024-1-01T00:00:00Z"})
        EXPECT_EQ(parsed(wrong), std::nullopt) << wrong;
}

// It must not look as if nothing had been said: "all channels" would be taken for what was meant.
TEST(JsonMapping, ANameOfALaterVersionIsNoneOfOurs) {
    v1::SetPresence set;
    EXPECT_TRUE(parse_json(R"({"channel":"CHANNEL_SMOKE"})", set));
    EXPECT_NE(set.channel(), v1::CHANNEL_UNSPECIFIED);
    EXPECT_FALSE(v1::Channel_IsValid(set.channel()));
}

TEST(JsonMapping, DefaultsAreLeftOut) {
    EXPECT_EQ(to_json(v1::Entry()), "{}");
    v1::Event event;
    event.mutable_resync();
    EXPECT_EQ(to_json(event), R"({"resync":{}})");
}

TEST(JsonMapping, UnderstandsTheFormsThatTheMappingAllows) {
    for (const auto* json :
         {R"({"id":7,"read":{"afterSeq":3}})",
          R"({"id":"7","read":{"after_seq":"3"}})",
          R"({"id":7.0,"read":{"afterSeq":3e0,"limit":null}})",
          R"( { "id" : 7, "later" : [{"x":[]}], "read" : {"afterSeq":3,"more":{"y":1}} } )",
          R"({"id":1,"id":7,"read":{"afterSeq":3}})"}) {
        v1::ClientFrame frame;
        ASSERT_TRUE(parse_json(json, frame)) << json;
        EXPECT_EQ(frame.id(), 7U) << json;
        EXPECT_EQ(frame.read().after_seq(), 3U) << json;
    }
    v1::StartConversation start;
    EXPECT_TRUE(parse_json(R"({"channel":2})", start));
    EXPECT_EQ(start.channel(), v1::CHANNEL_CALL);
}

TEST(JsonMapping, RefusesWhatTheSchemaHasNoRoomFor) {
    for (const auto* json : {"",
                             "null",
                             "[]",
                             "7",
                             "{",
                             "{}x",
                             "{'id':7}",
                             "{id:7}",
                             "{\"id\":7,}",
                             "{\"id\":-1}",
                             "{\"id\":4294967296}",
                             "{\"id\":1.5}",
                             "{\"id\":\"\"}",
                             "{\"id\":\"7x\"}",
                             "{\"id\":\" 7\"}",
                             "{\"id\":true}",
                             "{\"id\":[1]}",
                             "{\"id\":1e99}",
                             "{\"hello\":7}",
                             "{\"hello\":{\"token\":7}}",
                             "{\"hello\":{\"kinds\":\"note\"}}",
                             "{\"hello\":{\"kinds\":[7]}}",
                             "{\"hello\":{\"resume\":{\"positions\":[7]}}}",
                             "{\"start\":{\"channel\":-1}}",
                             "{\"setAway\":{\"away\":1}}",
                             "{\"setAway\":{\"away\":\"true\"}}",
                             "{\"block\":{\"expiresAt\":7}}",
                             "{\"block\":{\"conversationId\":\"x\",\"visitorId\":\"y\"}}",
                             "{\"hello\":{},\"typing\":{}}",
                             "{\"hello\":{\"token\":\"\\ud800\"}}",
                             "{\"hello\":{\"token\":\"\xff\"}}",
                             "{\"hello\":{\"token\":\"\x01\"}}"}) {
        v1::ClientFrame frame;
        EXPECT_FALSE(parse_json(json, frame)) << json;
    }
}

TEST(JsonMapping, IsNotLedTooDeep) {
    const auto nested = [](int depth) {
        std::string json = "{\"x\":";
        for (int i = 0; i < depth; ++i)
            json += '[';
        json += std::string(static_cast<std::size_t>(depth), ']');
        return json + "}";
    };
    v1::ClientFrame frame;
    EXPECT_TRUE(parse_json(nested(15), frame));
    EXPECT_FALSE(parse_json(nested(16), frame));
    EXPECT_FALSE(parse_json(nested(60'000), frame));
}

}  // namespace
}  // namespace switchboard
