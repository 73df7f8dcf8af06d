#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using Script = TenantScript;

TEST(LeastLoaded, ComparesUsedByMaxThenLongestIdleThenId) {
    Script script = Script::with({{1, 4}, {2, 2}, {3, 2}});
    for (const int id : {1, 2, 3})
        script.connect(Script::agent(id));

    std::vector<std::int64_t> chosen;
    for (const int talk : {1, 2, 3, 4, 5, 6}) {
        script.start(talk, talk);
        chosen.push_back(script.agent_of(talk));
    }
    // 0/4 0/2 0/2 -> 1; 1/4 0/2 0/2 -> 2; 3; then 1 with 1/4, then 1/2 of all three -> lowest id
    EXPECT_EQ(chosen, (std::vector<std::int64_t>{1, 2, 3, 1, 1, 2}));

    script.close(Script::agent(2), 2);
    script.close(Script::agent(3), 3);  // 2: 1/2, 3: 0/2
    script.close(Script::agent(2), 6);  // 2 and 3: 0/2, 3 is idle longer
    script.start(7, 7);
    EXPECT_EQ(script.agent_of(7), 3);
}

TEST(Routing, TakesOnlyAgentsOfTheSitesGroupsWhoAreConnected) {
    Script script = Script::with({{1, 1, {GroupId{2}}}, {2, 1, {GroupId{1}}}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    EXPECT_EQ(script.agent_of(1), 0) << "agent 1 serves another site, agent 2 is away";
    script.connect(Script::agent(2));
    EXPECT_EQ(script.agent_of(1), 2) << "his arrival serves the queue";
}

TEST(Queue, IsServedInTheOrderOfTicketsInTheCommitThatFreesTheSlot) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    for (const int talk : {1, 2, 3})
        script.start(talk, talk);
    EXPECT_EQ(script.agent_of(2), 0);

    const Effects closed = script.close(Script::agent(1), 1);
    EXPECT_EQ(script.agent_of(2), 1);
    EXPECT_EQ(script.agent_of(3), 0);
    const auto claims = stored<ClaimRecord>(closed);
    ASSERT_EQ(claims.size(), 2u);
    EXPECT_TRUE(claims[0].to_pos);
    EXPECT_EQ(claims[1].admission, Admission::new_work);
    const auto presence = shown<PresenceView>(closed);
    ASSERT_EQ(presence.size(), 1u)
        << "freed and refilled in one commit shows no green between (S1)";
    EXPECT_EQ(presence[0].colour.status, Status::busy);
}

TEST(Queue, AnUnroutableHeadBlocksNobody) {
    Script script = Script::with({{1, 1}});
    script.start(1, 1, SiteId{2});  // no agent serves site 2
    script.start(2, 2, SiteId{1});
    script.connect(Script::agent(1));
    EXPECT_EQ(script.agent_of(1), 0);
    EXPECT_EQ(script.agent_of(2), 1);
}

TEST(Capacity, IsNeverExceededAndTurnsTheAgentBusyWithTheAssignment) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    EXPECT_EQ(shown<PresenceView>(script.start(1, 1)).at(0).colour.status, Status::available);
    EXPECT_EQ(shown<PresenceView>(script.start(2, 2)).at(0).colour.status, Status::busy);
    script.start(3, 3);
    EXPECT_EQ(script.agent_of(3), 0);
}

TEST(Capacity, LoweringTakesNothingAwayAndRaisingServesTheQueue) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    for (const int talk : {1, 2, 3})
        script.start(talk, talk);
    script.limit(1, 1);
    EXPECT_EQ(script.agent_of(1), 1);
    EXPECT_EQ(script.agent_of(2), 1);
    script.close(Script::agent(1), 1);
    EXPECT_EQ(script.agent_of(3), 0) << "still at the lowered limit";
    script.limit(1, 2);
    EXPECT_EQ(script.agent_of(3), 1);
}

TEST(Capacity, ADisabledChannelKeepsWhatRunsAndTakesNothingNew) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.limit(1, 2, false);
    EXPECT_EQ(script.agent_of(1), 1);
    script.start(2, 2);
    EXPECT_EQ(script.agent_of(2), 0);
    EXPECT_EQ(refusal(script.limit(1, 0)), Refusal::invalid);
    EXPECT_EQ(refusal(script.limit(7, 1)), Refusal::not_found);
}

TEST(Attendance, AnAgentWithoutAConnectionKeepsHisConversationsAndGetsNoNewOnes) {
    Script script = Script::with({{1, 3}});
    script.connect(Script::agent(1), 1);
    script.connect(Script::agent(1), 2);
    script.start(1, 1);
    script.disconnect(Script::agent(1), 1);
    script.start(2, 2);
    EXPECT_EQ(script.agent_of(2), 1) << "one connection still lives";
    const auto presence = shown<PresenceView>(script.disconnect(Script::agent(1), 2)).at(0);
    EXPECT_EQ(presence.colour, (Colour{Status::available, Reason::ready, true}));
    EXPECT_EQ(script.agent_of(1), 1);
    script.start(3, 3);
    EXPECT_EQ(script.agent_of(3), 0);
}

TEST(Attendance, RefusesTheSixthConnectionAndAStaleGeneration) {
    Script script = Script::with({{1, 1}});
    for (const int session : {1, 2, 3, 4, 5})
        EXPECT_EQ(refusal(script.connect(Script::agent(1), session)), std::nullopt);
    EXPECT_EQ(refusal(script.connect(Script::agent(1), 6)), Refusal::too_many_connections);
    EXPECT_EQ(refusal(script.connect(Script::agent(1), 1, 0)), Refusal::invalid);
}

TEST(Attendance, WelcomeShowsTheOwnConversationsAndPresence) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.start(5, 1);
    const Effects again = script.connect(Script::agent(1), 2);
    const auto& welcome = std::get<WelcomeView>(again.reply);
    ASSERT_EQ(welcome.conversations.size(), 1u);
    EXPECT_EQ(welcome.conversations[0].conversation, Script::talk_id(1));
    EXPECT_EQ(welcome.conversations[0].unread, 1);
    ASSERT_EQ(welcome.presence.size(), 1u);
    EXPECT_EQ(welcome.presence[0].colour.status, Status::busy);
    EXPECT_EQ(welcome.self.name, "Agent 1");
}

}  // namespace
}  // namespace switchboard
