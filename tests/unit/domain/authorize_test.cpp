#include "domain/authorize.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

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

TEST(Authorize, R8_LetsAManagerWriteInTheOneHeHoldsAlone) {
    for (const auto action :
         {Action::send_text, Action::send_note, Action::report_progress, Action::show_typing}) {
        Principal manager{here, Role::manager, person(AgentId{20}), {}};
        EXPECT_EQ(authorize(manager, action, &object), std::nullopt);
        manager.person = person(AgentId{21});
        EXPECT_EQ(authorize(manager, action, &object), Refusal::forbidden);
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
    EXPECT_EQ(authorize({here, Role::site, {}, {}}, Action::connect, nullptr), Refusal::forbidden);
}

// Which roles may do what, as docs/architecture.md has it: V visitor, A agent, B bot, W viewer,
// M manager, D admin, O account owner, P operator. A site may what its key says.
TEST(Authorize, IsTheMatrixOfRolesAndActions) {
    const std::map<Action, std::string> matrix{{Action::connect, "VABWMDO"},
                                               {Action::start_conversation, "V"},
                                               {Action::read_conversation, "VABWMDO"},
                                               {Action::send_text, "VABMDO"},
                                               {Action::send_note, "ABMDO"},
                                               {Action::close_conversation, "VABMDO"},
                                               {Action::report_progress, "VABMDO"},
                                               {Action::show_typing, "VABMDO"},
                                               {Action::set_limits, "MDO"},
                                               {Action::set_presence, "ABMDO"},
                                               {Action::direct_agents, "MDO"},
                                               {Action::claim, "ABMDO"},
                                               {Action::set_inactive, "ABMDO"},
                                               {Action::block, "ABMDO"},
                                               {Action::block_anyone, "MDO"},
                                               {Action::lift_block, "MDO"},
                                               {Action::watch_agents, "WMDO"},
                                               {Action::watch_queue, "ABMDO"},
                                               {Action::fill_form, "ABMDO"},
                                               {Action::rate, "V"},
                                               {Action::configure, "DOP"},
                                               {Action::read_configuration, "WMDO"},
                                               {Action::read_history, "WMDO"},
                                               {Action::read_blocks, "MDO"},
                                               {Action::read_availability, "WMDO"},
                                               {Action::manage_keys, "DO"},
                                               {Action::manage_tenants, "P"}};
    const std::map<char, Role> roles{{'V', Role::visitor},
                                     {'A', Role::agent},
                                     {'B', Role::bot},
                                     {'W', Role::viewer},
                                     {'M', Role::manager},
                                     {'D', Role::admin},
                                     {'O', Role::account_owner},
                                     {'P', Role::operator_},
                                     {'S', Role::site}};
    for (const auto& [action, allowed] : matrix) {
        for (const auto& [letter, role] : roles) {
            const bool may = allowed.find(letter) != std::string::npos;
            EXPECT_EQ(authorize({here, role, {}, {}}, action, nullptr),
                      may ? std::nullopt : std::optional(Refusal::forbidden))
                << "action " << static_cast<int>(action) << " by " << letter;
        }
    }
    EXPECT_EQ(matrix.size(), static_cast<std::size_t>(Action::manage_tenants) + 1);
}

}  // namespace
}  // namespace switchboard
