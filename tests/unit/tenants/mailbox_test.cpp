#include "tenants/mailbox.hpp"

#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

constexpr Time start{};

WaitingCommand text(std::size_t bytes, Time deadline) {
    SendMessage send{Script::talk_id(1), {}, EntryKind::text, std::string(bytes, 'x')};
    return {{Script::visitor(1), send}, nullptr, 0, deadline};
}

WaitingCommand leaving() { return {{Script::visitor(1), Disconnect{}}, nullptr, 0, start}; }

TEST(Mailbox, IsBoundedInCommands) {
    Mailbox mailbox({2, 1 << 20});
    auto command = text(1, start + 10s);
    EXPECT_TRUE(mailbox.push(command));
    command = text(1, start + 10s);
    EXPECT_TRUE(mailbox.push(command));
    command = text(1, start + 10s);
    EXPECT_FALSE(mailbox.push(command));
    mailbox.pop();
    EXPECT_TRUE(mailbox.push(command));
}

TEST(Mailbox, IsBoundedInBytes) {
    Mailbox mailbox({100, 40'000});
    auto command = text(16'000, start + 10s);
    EXPECT_TRUE(mailbox.push(command));
    command = text(16'000, start + 10s);
    EXPECT_TRUE(mailbox.push(command));
    command = text(16'000, start + 10s);
    EXPECT_FALSE(mailbox.push(command));
    mailbox.pop();
    mailbox.pop();
    EXPECT_EQ(mailbox.bytes(), 0u);
}

TEST(Mailbox, AlwaysTakesAndNeverExpiresADisconnect) {
    Mailbox mailbox({0, 0});
    auto command = leaving();
    EXPECT_TRUE(mailbox.push(command));
    EXPECT_TRUE(mailbox.take_expired(start + 1h).empty());
    EXPECT_EQ(mailbox.next_deadline(), std::nullopt);
    EXPECT_EQ(mailbox.size(), 1u);
}

TEST(Mailbox, GivesUpWhatIsPastItsDeadlineAndKeepsTheOrderOfTheRest) {
    Mailbox mailbox({10, 1 << 20});
    for (const auto deadline : {1s, 2s, 3s}) {
        auto command = text(static_cast<std::size_t>(deadline.count()), start + deadline);
        mailbox.push(command);
    }
    EXPECT_EQ(mailbox.next_deadline(), start + 1s);
    EXPECT_EQ(mailbox.take_expired(start + 2s).size(), 2u);
    EXPECT_EQ(mailbox.size(), 1u);
    EXPECT_EQ(mailbox.next_deadline(), start + 3s);
}

}  // namespace
}  // namespace switchboard
