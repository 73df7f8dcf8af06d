#include <gtest/gtest.h>

#include "support/looped_tenant.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

TEST(LookUp, WhoComesWhileAnotherIsLookedUpForTooLongIsAnswered) {
    LoopedTenant tenant{Script::state({})};
    const auto is_typing = [](std::int64_t talk) {
        return Command{Script::visitor(8), ShowTyping{Script::talk_id(talk)}};
    };
    tenant.accept(is_typing(70));
    tenant.while_finding = [&] {
        tenant.pass(6s);
        tenant.accept(is_typing(71));
        tenant.pass(5s);  // The first one was told to ask again.
    };
    for (int steps = 0; steps < 20; ++steps)
        tenant.step();
    EXPECT_EQ(tenant.loop.counts().expired, 1);
    EXPECT_EQ(tenant.loop.counts().look_ups, 2);
    EXPECT_EQ(tenant.loop.counts().commands, 1);
    EXPECT_TRUE(tenant.loop.mailbox().empty());
}

}  // namespace
}  // namespace switchboard
