#include "app/logging.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <string>

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const Time noon = std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h + 34ms + 999us;

// The message after a way through JSON.
std::string message_of(std::string_view message) {
    const std::string line =
        to_json_line({.at = noon, .level = "info", .node = "n\"1", .message = message});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    const auto object = boost::json::parse(line).as_object();
    EXPECT_EQ(object.at("time"), "2026-01-31T12:00:00.034Z");
    EXPECT_EQ(object.at("level"), "info");
    EXPECT_EQ(object.at("node"), "n\"1");
    return std::string(object.at("msg").as_string());
}

TEST(LogLines, KeepAnyTextWholeInJson) {
    for (const std::string& text : {"plain"s, "say \"no\" \\ \n\t\x1b[2J\x7f\0 end"s, "zażółć 😀"s})
        EXPECT_EQ(message_of(text), text);
}

TEST(LogLines, AreJsonAlsoWhenTheMessageIsNotUtf8) {
    EXPECT_EQ(message_of("caf\xe9 \xff"), "café ÿ");
}

TEST(LogLines, AreCutBetweenCharacters) {
    const std::string cut = message_of(std::string(4095, 'a') + "żż");
    EXPECT_EQ(cut, std::string(4095, 'a'));
    EXPECT_EQ(message_of(std::string(4096, 'a')), std::string(4096, 'a'));
}

TEST(LogLines, CannotCommandATerminal) {
    const std::string line = to_plain_line(
        {.at = noon, .level = "info", .node = "", .message = "a\x1b[2J\r\nb\xc2\x9b"});
    EXPECT_EQ(line, "12:00:00.034 info    a\\u001b[2J\\u000d\\u000ab\\u009b");
}

}  // namespace
}  // namespace switchboard
