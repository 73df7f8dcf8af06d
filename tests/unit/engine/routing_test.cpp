#include <gtest/gtest.h>

#include <functional>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using Script = TenantScript;
using namespace std::chrono_literals;

TEST(LeastLoaded, R2_ComparesUsedByMaxThenLongestIdleThenId) {
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

TEST(Queue, R5_R6_IsServedInTheOrderOfTicketsInTheCommitThatFreesTheSlot) {
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

TEST(Queue, R5_AnUnroutableHeadBlocksNobody) {
    Script script = Script::with({{1, 1}});
    script.start(1, 1, SiteId{2});  // no agent serves site 2
    script.start(2, 2, SiteId{1});
    script.connect(Script::agent(1));
    EXPECT_EQ(script.agent_of(1), 0);
    EXPECT_EQ(script.agent_of(2), 1);
}

// What makes room for conversation 2, which waits after `before`.
struct MakesRoom {
    const char* what;
    std::function<void(Script&)> before;
    std::function<Effects(Script&)> event;
};

std::vector<MakesRoom> events_that_make_room() {
    const auto connect = [](Script& script) { return script.connect(Script::agent(1)); };
    const auto fill = [](Script& script) {
        script.connect(Script::agent(1));
        script.start(1, 1);
    };
    return {
        {"an agent comes", [](Script&) {}, connect},
        {"he turns green",
         [](Script& script) {
             script.connect(Script::agent(1));
             script.want(1, Intent::unavailable);
         },
         [](Script& script) { return script.want(1, Intent::available); }},
        {"a release", fill, [](Script& script) { return script.close(Script::visitor(1), 1); }},
        {"a rest", fill, [](Script& script) { return script.rest(1, 1); }},
        {"a wrap-up ends",
         [fill](Script& script) {
             fill(script);
             script.close(Script::visitor(1), 1);
         },
         [](Script& script) { return script.wait(1min); }},
        {"the limit rises", fill, [](Script& script) { return script.limit(1, 2); }},
        {"the channel is switched on",
         [](Script& script) {
             script.connect(Script::agent(1));
             script.limit(1, 1, false);
         },
         [](Script& script) { return script.limit(1, 1); }},
    };
}

TEST(Queue, R6_WhateverMakesRoomServesItInTheSameCommit) {
    for (const MakesRoom& each : events_that_make_room()) {
        SCOPED_TRACE(each.what);
        const bool wraps_up = each.what == std::string("a wrap-up ends");
        Script script = Script::with({{.id = 1, .wrap_up = wraps_up ? 60s : 0s}});
        each.before(script);
        script.start(2, 2);
        EXPECT_EQ(script.agent_of(2), 0);
        const auto claims = stored<ClaimRecord>(each.event(script));
        ASSERT_FALSE(claims.empty());
        EXPECT_EQ(claims.back().agent, AgentId{1});
        EXPECT_EQ(script.agent_of(2), 1);
    }
}

TEST(Queue, R6_ARuleThatChangesServesWhoWaitsInTheSameCommit) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1, SiteId{2});
    EXPECT_EQ(script.agent_of(1), 0);
    ConfigureSite change{script.engine.memory().sites.at(SiteId{2})};
    change.site.groups = {GroupId{1}};
    EXPECT_EQ(stored<ClaimRecord>(script.apply({Script::admin(), change})).size(), 1u);
    EXPECT_EQ(script.agent_of(1), 1);
}

TEST(Capacity, C3_S3_IsNeverExceededAndTurnsTheAgentBusyWithTheAssignment) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    EXPECT_EQ(shown<PresenceView>(script.start(1, 1)).at(0).colour.status, Status::available);
    EXPECT_EQ(shown<PresenceView>(script.start(2, 2)).at(0).colour.status, Status::busy);
    script.start(3, 3);
    EXPECT_EQ(script.agent_of(3), 0);
}

TEST(Capacity, C4_LoweringTakesNothingAwayAndRaisingServesTheQueue) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    for (const int talk : {1, 2, 3})
        script.start(talk, talk);
    script.limit(1, 1);
    EXPECT_EQ(script.agent_of(1), 1);
    EXPECT_EQ(script.agent_of(2), 1);
    EXPECT_EQ(script.colour(1).status, Status::busy);
    script.close(Script::agent(1), 1);
    EXPECT_EQ(script.agent_of(3), 0) << "still at the lowered limit";
    EXPECT_EQ(script.colour(1).status, Status::busy);
    script.limit(1, 2);
    EXPECT_EQ(script.agent_of(3), 1);
}

TEST(Capacity, C4_ADisabledChannelKeepsWhatRunsAndTakesNothingNew) {
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

TEST(Attendance, S5_RefusesTheSixthConnectionAndAStaleGeneration) {
    Script script = Script::with({{1, 1}});
    for (const int session : {1, 2, 3, 4, 5})
        EXPECT_EQ(refusal(script.connect(Script::agent(1), session)), std::nullopt);
    EXPECT_EQ(refusal(script.connect(Script::agent(1), 6)), Refusal::too_many_connections);
    EXPECT_EQ(refusal(script.connect(Script::agent(1), 1, 0)), Refusal::invalid);
}

TEST(Attendance, K3_WelcomeShowsTheOwnConversationsAndPresence) {
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
