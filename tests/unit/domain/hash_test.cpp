#include "domain/hash.hpp"

#include <gtest/gtest.h>

#include "domain/tenant_state.hpp"

namespace switchboard {
namespace {

// What is stored must be found again by every later program.
TEST(Hash, NeverChanges) {
    EXPECT_EQ(hash_of(""), 0x2d06800538d394c2u);
    EXPECT_EQ(hash_of("Good morning"), 0xeb6be52eb051f716u);
    EXPECT_EQ(hash_of("Good morning", 1), 0x9b9750302bfe939eu);
    EXPECT_EQ(start_hash(Channel::chat, "hello"), 8408359951548325522);
    EXPECT_EQ(send_hash({{1, 2, 3}}, EntryKind::note, "hello"), 536247618441664183);
}

TEST(Hash, OfAMessageTellsItFromAnyOther) {
    const PublicId one{{1}};
    const PublicId other{{2}};
    const auto hash = send_hash(one, EntryKind::text, "hello");
    EXPECT_EQ(hash, send_hash(one, EntryKind::text, "hello"));
    EXPECT_NE(hash, send_hash(other, EntryKind::text, "hello"));
    EXPECT_NE(hash, send_hash(one, EntryKind::note, "hello"));
    EXPECT_NE(hash, send_hash(one, EntryKind::text, "hello "));
    EXPECT_NE(hash, start_hash(Channel::chat, "hello"));
    EXPECT_NE(start_hash(Channel::chat, "hello"), start_hash(Channel::messaging, "hello"));
}

}  // namespace
}  // namespace switchboard
