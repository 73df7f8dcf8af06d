#include "engine/conversations/timeline.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <string>

namespace switchboard {
namespace {

TEST(SystemLines, AreWhatTheJsonLibraryWouldWrite) {
    std::string all_bytes_of_ascii;
    for (char c = 0; c >= 0 && c < 127; ++c)
        all_bytes_of_ascii += c;
    all_bytes_of_ascii += '\x7f';
    const std::string names[] = {"",
                                 "Ada",
                                 "Zo\xc3\xab \xf0\x9f\x98\x80",
                                 R"(a "quote")",
                                 R"(C:\dir)",
                                 "two\nlines",
                                 "</script>",
                                 all_bytes_of_ascii};
    for (const std::string& name : names) {
        const boost::json::object object{{"code", "assigned"}, {"agent", "1"}, {"name", name}};
        EXPECT_EQ(to_body({{"code", "assigned"}, {"agent", "1"}, {"name", name}}),
                  boost::json::serialize(object));
    }
}

TEST(SystemLines, FindWhatNeedsAnEscapeWhereverItStands) {
    for (char byte = 1; byte > 0; byte = static_cast<char>(byte + 1)) {
        for (std::size_t size = 1; size <= 17; ++size) {
            for (std::size_t place = 0; place < size; ++place) {
                std::string text(size, 'a');
                text[place] = byte;
                ASSERT_EQ(to_body({{"name", text}}),
                          boost::json::serialize(boost::json::object{{"name", text}}))
                    << static_cast<int>(byte) << " at " << place << " of " << size;
            }
        }
    }
}

}  // namespace
}  // namespace switchboard
