#include "domain/authorize.hpp"

#include <gtest/gtest.h>

namespace switchboard {
namespace {

constexpr TenantId here{1};
constexpr TenantId elsewhere{2};
constexpr ConversationAccess object{here, VisitorId{10}, AgentId{20}};

Principal visitor(std::int64_t id) { return {here, Role::visitor, person(VisitorId{id}), {}}; }
Principal agent(std::int64_t id) { return {here, Role::agent, person(AgentId{id}), {}}; }

TEST(Authorize, LetsTheTwoPartiesTalkAndClose) {
    for (const auto action : {Action::read_conversation,
                              Action::send_text,
                              Action::close_conversation,
                              Action::report_progress,
                              Action::show_typing}) {
        EXPECT_EQ(authorize(visitor(10), action, &object), std::nullopt);
        EXPECT_EQ(authorize(agent(20), action, &object), std::nullopt);
    }
}

TEST(Authorize, HidesOthersConversationsAndOtherTenants) {
    Principal foreign = visitor(10);
    foreign.tenant = elsewhere;
    for (const auto& who : {visitor(11), agent(21), foreign})
        EXPECT_EQ(authorize(who, Action::send_text, &object), Refusal::not_found);
}

TEST(Authorize, ForbidsWhatTheRoleMayNot) {
    EXPECT_EQ(authorize(visitor(10), Action::send_note, &object), Refusal::forbidden);
    EXPECT_EQ(authorize(agent(20), Action::start_conversation, nullptr), Refusal::forbidden);
    EXPECT_EQ(authorize(agent(20), Action::set_limits, nullptr), Refusal::forbidden);
    EXPECT_EQ(authorize({here, Role::manager, {}, {}}, Action::set_limits, nullptr), std::nullopt);
    EXPECT_EQ(authorize({here, Role::viewer, {}, {}}, Action::connect, nullptr),
              Refusal::forbidden);
}

}  // namespace
}  // namespace switchboard
