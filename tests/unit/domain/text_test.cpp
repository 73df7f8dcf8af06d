#include "domain/text.hpp"

#include <gtest/gtest.h>

#include "domain/conversation.hpp"

namespace switchboard {
namespace {

using namespace std::string_view_literals;

TEST(StorableText, IsWellFormedUtf8WithoutNul) {
    for (const auto text : {""sv,
                            "abc"sv,
                            "h\u00e9"sv,
                            "\u20ac"sv,
                            "\U0001F600"sv,
                            "\xF4\x8F\xBF\xBF"sv,
                            "\xED\x9F\xBF"sv,
                            "\u2028"sv}) {
        EXPECT_TRUE(is_storable_text(text)) << text;
    }
    for (const auto text : {"a\0b"sv,
                            "\x80"sv,
                            "\xC3"sv,
                            "\xC0\x80"sv,
                            "\xE0\x80\x80"sv,
                            "\xED\xA0\x80"sv,
                            "\xF0\x80\x80\x80"sv,
                            "\xF4\x90\x80\x80"sv,
                            "\xF5\x80\x80\x80"sv,
                            "\xFF"sv,
                            "\xE2\x82"sv}) {
        EXPECT_FALSE(is_storable_text(text)) << text.size();
    }
}

TEST(Uuid, RoundTripsInCanonicalForm) {
    const auto text = "0190c2f4-6b1e-7c3a-9d55-0123456789ab";
    const auto bytes = parse_uuid(text);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(to_text(*bytes), text);
    EXPECT_EQ(parse_uuid("0190C2F4-6B1E-7C3A-9D55-0123456789AB"), bytes);
}

TEST(Uuid, IsNothingElse) {
    for (const auto text : {"",
                            "0190c2f46b1e7c3a9d550123456789ab",
                            "0190c2f4-6b1e-7c3a-9d55-0123456789a",
                            "0190c2f4-6b1e-7c3a-9d55-0123456789abc",
                            "0190c2f4x6b1e-7c3a-9d55-0123456789ab",
                            "0190c2f4-6b1e-7c3a-9d55-0123456789ag"}) {
        EXPECT_FALSE(parse_uuid(text)) << text;
    }
}

TEST(ClientMessageIds, TellTheirTimeWhenTheyAreOfVersion7) {
    const ClientMessageId id{*parse_uuid("0190c2f4-6b1e-7c3a-9d55-0123456789ab")};
    EXPECT_EQ(time_of(id), Time(std::chrono::milliseconds(0x0190c2f46b1e)));
    EXPECT_FALSE(time_of({*parse_uuid("0190c2f4-6b1e-4c3a-9d55-0123456789ab")}));
}

TEST(Preview, CutsAfterTwoHundredCharactersNotBytes) {
    std::string text;
    for (int i = 0; i < 201; ++i)
        text += "\u20ac";
    EXPECT_EQ(preview(text), text.substr(0, 600));
    EXPECT_EQ(preview("short"), "short");
}

}  // namespace
}  // namespace switchboard
