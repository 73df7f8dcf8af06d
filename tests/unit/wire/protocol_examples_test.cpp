// Runs the examples of the protocol's documents, so that they cannot drift from the schema.
#include <boost/json/parse.hpp>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "switchboard/v1/frames.pb.h"
#include "wire/decode_command.hpp"

namespace switchboard {
namespace {

std::string read_document() {
    std::stringstream text;
    for (const auto* path : {SWITCHBOARD_DOCS "/protocol.md",
                             SWITCHBOARD_DOCS "/desk.md",
                             SWITCHBOARD_DOCS "/refusals.md"})
        text << std::ifstream(path).rdbuf();
    return text.str();
}

// The fenced blocks of one kind: "json client" or "json server".
std::vector<std::string> examples(const std::string& kind) {
    const auto document = read_document();
    const std::string opening = "```" + kind + "\n";
    std::vector<std::string> found;
    for (auto at = document.find(opening); at != std::string::npos;
         at = document.find(opening, at)) {
        at += opening.size();
        const auto end = document.find("\n```", at);
        found.push_back(document.substr(at, end - at));
        at = end;
    }
    return found;
}

// Through the schema and back; a name or form that the mapping does not have fails or is lost.
template <class Message>
void expect_as_the_mapping_says(const std::string& json) {
    Message message;
    const auto parsed = google::protobuf::util::JsonStringToMessage(json, &message);
    EXPECT_TRUE(parsed.ok()) << parsed.ToString() << "\n" << json;
    std::string printed;
    EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &printed).ok());
    EXPECT_EQ(boost::json::parse(printed), boost::json::parse(json)) << printed;
}

TEST(ProtocolExamples, OfClientsAreUnderstood) {
    const auto found = examples("json client");
    EXPECT_GE(found.size(), 16U);
    for (const auto& json : found) {
        expect_as_the_mapping_says<v1::ClientFrames>(json);
        std::uint32_t last_id = 0;
        const auto frames = decode_command(json, Encoding::json, last_id);
        ASSERT_TRUE(frames) << json;
        for (const auto& frame : *frames)
            EXPECT_FALSE(std::holds_alternative<Refused>(frame.what)) << json;
    }
}

TEST(ProtocolExamples, OfTheServerAreWhatItWouldSend) {
    const auto found = examples("json server");
    EXPECT_GE(found.size(), 15U);
    for (const auto& json : found)
        expect_as_the_mapping_says<v1::ServerFrames>(json);
}

TEST(ProtocolExamples, EveryBlockOfJsonIsOneOfThese) {
    EXPECT_EQ(read_document().find("```json\n"), std::string::npos);
}

TEST(ProtocolDocument, ListsEveryRefusalAndCloseCode) {
    const auto document = read_document();
    for (int i = 0; i <= static_cast<int>(Refusal::version_mismatch); ++i) {
        const auto code = "| `" + std::string(info(static_cast<Refusal>(i)).code) + "` |";
        EXPECT_NE(document.find(code), std::string::npos) << code;
    }
    for (const auto code : {CloseCode::normal,
                            CloseCode::illegal_frame,
                            CloseCode::not_the_subprotocol,
                            CloseCode::flood,
                            CloseCode::too_big,
                            CloseCode::our_fault,
                            CloseCode::restarting,
                            CloseCode::too_busy,
                            CloseCode::bad_frame,
                            CloseCode::too_slow,
                            CloseCode::rate_limited,
                            CloseCode::bad_token,
                            CloseCode::forbidden,
                            CloseCode::replaced}) {
        const auto row = "| " + std::to_string(static_cast<int>(code)) + " |";
        EXPECT_NE(document.find(row), std::string::npos) << row;
    }
}

TEST(ProtocolDocument, NamesEveryFrameOfTheSchema) {
    const auto document = read_document();
    for (const auto* type :
         {v1::ClientFrame::descriptor(), v1::Reply::descriptor(), v1::Event::descriptor()}) {
        const auto* choice = type->oneof_decl(0);
        for (int i = 0; i < choice->field_count(); ++i)
            EXPECT_NE(document.find("`" + choice->field(i)->json_name() + "`"), std::string::npos)
                << choice->field(i)->full_name();
    }
}

}  // namespace
}  // namespace switchboard
