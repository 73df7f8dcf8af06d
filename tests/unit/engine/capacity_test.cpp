#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

TEST(HardMaximum, C1_LetsAConversationReturnToItsAgentBeyondTheLimitForNewWork) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .slots_hard_max = 2}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    script.start(2, 2);
    EXPECT_EQ(script.agent_of(2), 1) << "the slot was free (C5)";
    const Effects back = script.send(Script::visitor(1), 1, script.message_id(1));
    EXPECT_EQ(script.state_of(1), ConversationState::active);
    EXPECT_EQ(stored<ClaimRecord>(back).at(0).admission, Admission::returning);
    EXPECT_EQ(script.colour(1).status, Status::busy);

    script.start(3, 3);
    script.close(Script::agent(1), 2);
    EXPECT_EQ(script.agent_of(3), 0) << "one runs: the limit for new work still holds";
}

TEST(HardMaximum, C1_BeyondItTheConversationIsQueuedAgain) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .slots_hard_max = 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    script.start(2, 2);
    script.send(Script::visitor(1), 1, script.message_id(1));
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
    EXPECT_EQ(script.agent_of(1), 0);
    script.start(3, 3);
    script.close(Script::agent(1), 2);
    EXPECT_EQ(script.agent_of(1), 1) << "its old ticket comes before the younger one (R5)";
}

TEST(HardMaximum, R5_AfterHalfAnHourOfRestTheTicketIsNew) {
    TenantState state = Script::state({{1, 1}});
    state.settings.close_after = 0s;
    Script script{state};
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    script.start(2, 2);
    script.confirm(1, 2);
    script.wait(31min);
    script.start(3, 3);
    script.send(Script::visitor(1), 1, script.message_id(1));
    script.close(Script::agent(1), 2);
    EXPECT_EQ(script.agent_of(3), 1);
    EXPECT_EQ(script.agent_of(1), 0);
}

TEST(TotalMaximum, C2_HoldsOverAllChannelsBesideTheirOwn) {
    Script script = Script::with({{.id = 1, .slots_max = 2, .total_max = 3, .messaging = true}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.start(2, 2);
    EXPECT_EQ(script.colour(1).reason, Reason::at_capacity);
    script.start(3, 3, SiteId{1}, Channel::messaging);
    EXPECT_EQ(script.agent_of(3), 1);
    EXPECT_EQ(script.colour(1, Channel::messaging),
              (Colour{Status::busy, Reason::total_capacity, false}));
    script.start(4, 4, SiteId{1}, Channel::messaging);
    EXPECT_EQ(script.agent_of(4), 0);
    const Effects closed = script.close(Script::agent(1), 1);
    EXPECT_EQ(script.agent_of(4), 1) << "a slot of any channel makes room";
    EXPECT_EQ(stored<ClaimRecord>(closed).size(), 2u);
}

TEST(TotalMaximum, C4_RaisingItServesTheQueueAndLoweringTakesNothing) {
    Script script = Script::with({{.id = 1, .slots_max = 3, .total_max = 1}});
    script.connect(Script::agent(1));
    for (const int talk : {1, 2, 3})
        script.start(talk, talk);
    const auto total = [&](int max) {
        return script.apply({Script::manager(), SetTotalLimit{Script::agent_public_id(1), max}});
    };
    total(2);
    EXPECT_EQ(script.agent_of(2), 1);
    total(1);
    EXPECT_EQ(script.agent_of(2), 1);
    EXPECT_EQ(refusal(total(-1)), Refusal::invalid);
    total(0);
    EXPECT_EQ(script.agent_of(3), 1) << "no limit of its own";
}

TEST(Inactive, C5_FreesTheSlotAndKeepsTheAgent) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    const Effects rests = script.rest(1, 1);
    EXPECT_EQ(script.state_of(1), ConversationState::inactive);
    EXPECT_EQ(script.agent_of(1), 1);
    EXPECT_EQ(script.colour(1).status, Status::available);
    EXPECT_EQ(shown<SummaryView>(rests).at(0).timeline.awaiting, Awaiting::nobody);
    EXPECT_EQ(refusal(script.rest(1, 1)), Refusal::wrong_state);

    script.send(Script::agent(1), 1, script.message_id(1));
    EXPECT_EQ(script.state_of(1), ConversationState::active) << "its agent may write, with room";
    script.rest(1, 1);
    script.start(2, 2);
    EXPECT_EQ(refusal(script.send(Script::agent(1), 1, script.message_id(2))), Refusal::agent_full);
}

TEST(Inactive, C1_ItsAgentIsNotFullButShutOutWhereTheChannelWasSwitchedOff) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    script.limit(1, 2, false);
    EXPECT_EQ(refusal(script.send(Script::agent(1), 1, script.message_id(1))), Refusal::forbidden);
    EXPECT_EQ(script.state_of(1), ConversationState::inactive);
}

TEST(Inactive, C1_DoesNotReturnToAChannelThatWasSwitchedOff) {
    Script script = Script::with({{1, 2}, {2, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    script.limit(1, 2, false);
    script.connect(Script::agent(2), 2);
    script.send(Script::visitor(1), 1, script.message_id(1));
    EXPECT_EQ(script.agent_of(1), 2);
}

TEST(Inactive, C5_IsNotTakenUpAgainByAnAgentWhoIsShutOut) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    ConfigureAgent off;
    off.account.id = AgentId{1};
    off.account.public_id = Script::agent_public_id(1);
    off.account.login = "agent1";
    off.account.name = "Agent 1";
    off.account.groups = {GroupId{1}};
    off.account.enabled = false;
    ASSERT_EQ(refusal(script.apply({Script::admin(), off})), std::nullopt);
    script.send(Script::agent(1), 1, script.message_id(1));  // on its way when his socket closed
    EXPECT_EQ(script.state_of(1), ConversationState::inactive);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
}

TEST(Inactive, C5_IsNotTakenUpAgainByAnAgentWhoIsGone) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.rest(1, 1);
    script.disconnect(Script::agent(1));
    script.wait(31s);
    EXPECT_EQ(refusal(script.send(Script::agent(1), 1, script.message_id(1))), Refusal::forbidden);
    EXPECT_EQ(script.state_of(1), ConversationState::inactive);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
}

TEST(Inactive, C5_IsSetByTheClockWhenTheTenantSaysSoAndThenClosed) {
    TenantState state = Script::state({{1, 1}});
    state.settings.inactive_after = 10min;
    state.settings.close_after = 20min;
    Script script{state};
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.wait(9min);
    script.send(Script::visitor(1), 1, script.message_id(1));
    script.wait(9min);
    EXPECT_EQ(script.state_of(1), ConversationState::active) << "counted from the last message";
    script.wait(1min);
    EXPECT_EQ(script.state_of(1), ConversationState::inactive);
    script.wait(20min);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
}

TEST(WrapUp, C6_HoldsTheSlotUntilTheTimeIsOverOrTheAgentSaysDone) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .wrap_up = 60s}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.start(2, 2);
    const auto id =
        script.engine.memory().conversations.find(Script::talk_id(1))->open.conversation;
    const Effects closed = script.close(Script::agent(1), 1);
    EXPECT_TRUE(stored<ClaimRecord>(closed).at(0).wrap_up_pos);
    EXPECT_FALSE(stored<ClaimRecord>(closed).at(0).to_pos);
    EXPECT_EQ(script.agent_of(2), 0);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);

    Facts facts;
    StoredConversation stored_one;
    stored_one.public_id = Script::talk_id(1);
    stored_one.id = id.id;
    stored_one.access = {TenantId{2}, id.visitor, AgentId{1}};
    facts.conversations = {stored_one};
    EXPECT_EQ(refusal(script.apply({Script::agent(1), FinishWrapUp{Script::talk_id(1)}}, facts)),
              Refusal::not_found)
        << "another tenant's";
    facts.conversations.front().access.tenant = TenantId{1};
    script.apply({Script::agent(1), FinishWrapUp{Script::talk_id(1)}}, facts);
    EXPECT_EQ(script.agent_of(2), 1) << "done: the queue is served at once";

    script.close(Script::agent(1), 2);
    script.start(3, 3);
    script.wait(59s);
    EXPECT_EQ(script.agent_of(3), 0);
    script.wait(1s);
    EXPECT_EQ(script.agent_of(3), 1);
}

TEST(WrapUp, C6_EndsWithTheAgentsPresence) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .wrap_up = 600s}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.close(Script::agent(1), 1);
    script.log_out(1);
    EXPECT_EQ(script.engine.memory().staff.find(AgentId{1})->used(), 0);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
}

TEST(WrapUp, C6_SurvivesARebuild) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .wrap_up = 60s}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.close(Script::agent(1), 1);
    const TenantState state = write_down(script.engine.memory());
    Script next{state};
    next.now = script.now;
    EXPECT_EQ(write_down(next.engine.memory()), state);
    next.engine.begin(nullptr, next.now);
    next.connect(Script::agent(1), 2);
    EXPECT_EQ(next.colour(1).reason, Reason::wrap_up);
    next.wait(61s);
    EXPECT_EQ(next.colour(1).status, Status::available);
}

}  // namespace
}  // namespace switchboard
