#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

ConfigureAgent account(std::int64_t id, const std::string& login) {
    ConfigureAgent configure;
    configure.account.id = AgentId{id};
    configure.account.public_id = Script::agent_public_id(id);
    configure.account.login = login;
    configure.account.name = "Agent";
    configure.account.groups = {GroupId{1}};
    return configure;
}

TEST(ConfigureAgent, A3_MakesOneWhoServesAtOnce) {
    Script script = Script::with({});
    script.start(1, 1);
    script.apply({Script::admin(), account(5, "eve")});
    script.limit(5, 1);
    script.connect(Script::agent(5));
    EXPECT_EQ(script.agent_of(1), 5);
}

TEST(ConfigureAgent, A3_ChangesGroupsOfAnAgentWhoIsThere) {
    Script script = Script::with({{1, 1, {GroupId{2}}}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    EXPECT_EQ(script.agent_of(1), 0);
    script.apply({Script::admin(), account(1, "agent1")});
    EXPECT_EQ(script.agent_of(1), 1);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
}

TEST(ConfigureAgent, A3_RefusesATakenLoginAForeignGroupAndARoleAboveTheAsker) {
    Script script = Script::with({{1, 1}});
    EXPECT_EQ(refusal(script.apply({Script::admin(), account(5, "agent1")})), Refusal::login_taken);
    ConfigureAgent foreign = account(5, "eve");
    foreign.account.groups = {GroupId{9}};
    EXPECT_EQ(refusal(script.apply({Script::admin(), foreign})), Refusal::invalid);
    ConfigureAgent above = account(5, "eve");
    above.account.role = Role::account_owner;
    EXPECT_EQ(refusal(script.apply({Script::admin(), above})), Refusal::forbidden);
    EXPECT_EQ(refusal(script.apply({Script::manager(), account(5, "eve")})), Refusal::forbidden);
}

TEST(ConfigureAgent, A3_ADisabledOneIsGoneAtOnceAndMayNotComeBack) {
    Script script = Script::with({{1, 1}, {2, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    ConfigureAgent off = account(1, "agent1");
    off.account.enabled = false;
    script.apply({Script::admin(), off});
    script.wait(1ms);
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
    EXPECT_EQ(script.colour(1).reason, Reason::not_enabled);
    EXPECT_EQ(refusal(script.connect(Script::agent(1), 2)), Refusal::forbidden);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
}

// A tenant that keeps conversations for an agent who lost his connection, as this one did.
Script kept_talk() {
    TenantState state = Script::state({{1, 1}, {2, 1}});
    state.settings.when_agent_gone = WhenAgentGone::keep;
    Script script{state};
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.disconnect(Script::agent(1));
    script.wait(31s);
    script.connect(Script::agent(2), 2);
    EXPECT_EQ(script.agent_of(1), 1);
    return script;
}

TEST(ConfigureAgent, K12_WhatWasKeptForOneWhoIsThenDisabledGoesToAnother) {
    Script script = kept_talk();
    ConfigureAgent off = account(1, "agent1");
    off.account.enabled = false;
    script.apply({Script::admin(), off});
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
    Script next{write_down(script.engine.memory())};  // its owner may die before it is passed on
    next.now = script.now;
    next.engine.begin(nullptr, next.now);
    next.connect(Script::agent(2), 2);
    next.wait(1ms);
    EXPECT_EQ(next.agent_of(1), 2);
    script.wait(1ms);
    EXPECT_EQ(script.agent_of(1), 2);
}

TEST(ConfigureTenant, S6_WhatWasKeptGoesToAnotherOnceTheTenantKeepsNoLonger) {
    Script script = kept_talk();
    ConfigureTenant changed{script.engine.memory().settings};
    changed.settings.when_agent_gone = WhenAgentGone::requeue;
    script.apply({Script::admin(), changed});
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
    script.wait(1ms);
    EXPECT_EQ(script.agent_of(1), 2);
}

// A commit was in doubt, and had landed: the memory that was dropped for it did not know.
TEST(ConfigureAgent, K12_WhoTurnsOutToBeDisabledAtATakeoverIsGone) {
    Script script = Script::with({{1, 1}, {2, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.connect(Script::agent(2), 2);
    TenantState landed = write_down(script.engine.memory());
    landed.agents.front().enabled = false;
    Script next{landed};
    next.now = script.now;
    next.engine.begin(&script.engine, next.now);
    EXPECT_EQ(broken_rule(next.engine.memory()), std::nullopt);
    EXPECT_FALSE(next.engine.memory().roster.is_connected(Script::agent_public_id(1)));
    next.wait(1ms);
    EXPECT_EQ(next.agent_of(1), 2);
}

TEST(ConfigureAgent, K12_OneWhoseNewRoleDoesNotServeLosesHisTalks) {
    Script script = Script::with({{1, 1}, {2, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.connect(Script::agent(2), 2);
    ConfigureAgent viewer = account(1, "agent1");
    viewer.account.role = Role::viewer;
    script.apply({Script::admin(), viewer});
    script.wait(1ms);
    EXPECT_EQ(script.agent_of(1), 2);
    EXPECT_EQ(script.colour(1).reason, Reason::not_enabled);
}

TEST(ConfigureSite, A3_NewGroupsServeWhoWaits) {
    Script script = Script::with({{1, 1, {GroupId{2}}}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    Site site = script.engine.memory().sites.at(SiteId{1});
    site.groups = {GroupId{1}, GroupId{2}};
    script.apply({Script::admin(), ConfigureSite{site}});
    EXPECT_EQ(script.agent_of(1), 1);
    site.rules = {{Channel::chat, WhenNobodyFree::queue, 0, 0s, WhenWaitedLong::close}};
    EXPECT_EQ(refusal(script.apply({Script::admin(), ConfigureSite{site}})), Refusal::invalid);
}

TEST(ConfigureSite, A3_ANewWaitLimitHoldsForWhoWaitsAlready) {
    Script script = Script::with({});
    script.start(1, 1);
    Site site = script.engine.memory().sites.at(SiteId{1});
    site.rules = {{Channel::chat, WhenNobodyFree::queue, 10, 60s, WhenWaitedLong::close}};
    script.apply({Script::admin(), ConfigureSite{site}});
    script.wait(61s);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
}

TEST(ConfigureTenant, A3_SettingsHoldAtOnceAndAreBounded) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    TenantSettings settings;
    settings.agent_grace = 5s;
    script.apply({Script::admin(), ConfigureTenant{settings}});
    script.disconnect(Script::agent(1));
    script.wait(6s);
    EXPECT_EQ(script.colour(1).reason, Reason::not_connected);
    settings.agent_grace = 301s;
    EXPECT_EQ(refusal(script.apply({Script::admin(), ConfigureTenant{settings}})),
              Refusal::invalid);
}

}  // namespace
}  // namespace switchboard
