#include <gtest/gtest.h>

#include <set>

#include "engine/people/agent_gone.hpp"
#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

constexpr Colour green{Status::available, Reason::ready, false};
constexpr Colour orange{Status::busy, Reason::at_capacity, false};

Colour red(Reason reason) { return {Status::unavailable, reason, false}; }

Script confirmed_talk(int slots_max = 2) {
    Script script = Script::with({{1, slots_max}, {2, slots_max}});
    script.connect(Script::agent(1), 1);
    script.start(1, 1);
    script.confirm(1, 1);
    return script;
}

const Conversation& conversation(const Script& script, std::int64_t talk) {
    return script.engine.memory().conversations.find(Script::talk_id(talk))->open.conversation;
}

std::vector<std::string> codes(const Effects& effects) {
    std::vector<std::string> codes;
    for (const auto& view : shown<EntryView>(effects)) {
        if (view.entry.kind != EntryKind::system) continue;
        const auto begin = view.entry.body.find("\"code\":\"") + 8;
        codes.push_back(view.entry.body.substr(begin, view.entry.body.find('"', begin) - begin));
    }
    return codes;
}

TEST(Colour, S1_IsGreenBelowEveryLimitOrangeAtOneAndRedForAnythingElse) {
    Script script = Script::with({{1, 1}});
    EXPECT_EQ(script.colour(1), red(Reason::not_connected));
    script.connect(Script::agent(1));
    EXPECT_EQ(script.colour(1), green);
    script.start(1, 1);
    EXPECT_EQ(script.colour(1), orange);
    script.want(1, Intent::unavailable);
    EXPECT_EQ(script.colour(1), red(Reason::chosen)) << "intent wins over load";
    EXPECT_EQ(script.colour(1, Channel::call), red(Reason::not_enabled));
}

TEST(Presence, S5_AnotherTabIsNoNewsToAnybody) {
    Script script = confirmed_talk();
    EXPECT_TRUE(shown<PresenceView>(script.connect(Script::agent(1), 2)).empty());
    EXPECT_TRUE(shown<PresenceView>(script.disconnect(Script::agent(1), 2)).empty());
    EXPECT_EQ(script.colour(1), green);
    EXPECT_FALSE(shown<PresenceView>(script.disconnect(Script::agent(1), 1)).empty()) << "the last";
}

TEST(Colour, S2_NamesTheFirstReasonThatHolds) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .wrap_up = 60s}});
    script.connect(Script::agent(1));
    script.want(1, Intent::unavailable, "lunch");
    script.away(1, true);
    EXPECT_EQ(script.colour(1).reason, Reason::away) << "before what he chose";
    script.limit(1, 1, false);
    EXPECT_EQ(script.colour(1).reason, Reason::not_enabled) << "before being away";
}

TEST(Colour, S2_IsWrapUpWhenReleasingThoseAloneWouldMakeHimFree) {
    Script script = Script::with({{.id = 1, .slots_max = 1, .wrap_up = 60s}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.close(Script::agent(1), 1);
    EXPECT_EQ(script.colour(1), (Colour{Status::busy, Reason::wrap_up, false}));
    script.wait(60s);
    EXPECT_EQ(script.colour(1), green);
}

TEST(Colour, S3_TurnsGreenAgainWithTheReleaseButNeverOverridesAChosenRed) {
    Script script = confirmed_talk(1);
    const Effects closed = script.close(Script::agent(1), 1);
    ASSERT_EQ(stored<PresenceRecord>(closed).size(), 1u);
    EXPECT_EQ(stored<PresenceRecord>(closed)[0].colour, green);
    EXPECT_EQ(shown<PresenceView>(closed)[0].colour, green);

    script.start(2, 2);
    script.want(1, Intent::unavailable);
    script.close(Script::agent(1), 2);
    EXPECT_EQ(script.colour(1), red(Reason::chosen));
}

TEST(Intent, S4_IsSetPerChannelOrForAllAndRunningConversationsGoOn) {
    Script script = Script::with({{.id = 1, .slots_max = 2, .messaging = true}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.apply({Script::agent(1), SetPresence{{}, Channel::chat, Intent::unavailable, "coffee"}});
    EXPECT_EQ(script.colour(1), red(Reason::chosen));
    EXPECT_EQ(script.colour(1, Channel::messaging), green);
    EXPECT_EQ(script.agent_of(1), 1);
    script.start(2, 2);
    EXPECT_EQ(script.agent_of(2), 0);

    script.want(1, Intent::unavailable);
    EXPECT_EQ(script.colour(1, Channel::messaging), red(Reason::chosen));
    script.want(1, Intent::available);
    EXPECT_EQ(script.agent_of(2), 1) << "turning green serves the queue at once (R6)";
}

TEST(Intent, S4_AManagerSetsItForAnyAgentAndItIsRecordedWho) {
    Script script = confirmed_talk();
    const SetPresence order{Script::agent_public_id(1), {}, Intent::unavailable, {}};
    const Effects effects = script.apply({Script::manager(), order});
    EXPECT_EQ(script.colour(1), red(Reason::set_by_manager));
    ASSERT_EQ(stored<PresenceRecord>(effects).size(), 1u);
    EXPECT_EQ(stored<PresenceRecord>(effects)[0].by, Script::manager().person);
    const SetPresence back{Script::agent_public_id(1), {}, Intent::available, {}};
    const Principal key = Script::key(1, "presence:write");
    const Effects by_key = script.apply({key, back});
    ASSERT_EQ(stored<PresenceRecord>(by_key).size(), 1u);
    EXPECT_EQ(stored<PresenceRecord>(by_key)[0].by, key.person) << "not the agent of that number";
    const SetPresence other{Script::agent_public_id(2), {}, Intent::unavailable, {}};
    EXPECT_EQ(refusal(script.apply({Script::agent(1), other})), Refusal::forbidden);
    EXPECT_EQ(refusal(script.apply({Script::visitor(1), other})), Refusal::forbidden);
}

TEST(Presence, S5_LastsWhileOneConnectionLivesAndIsAwayWhenAllAre) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1), 1);
    script.connect(Script::agent(1), 2);
    script.away(1, true, 1);
    EXPECT_EQ(script.colour(1), green) << "somebody sits before the other";
    script.away(1, true, 2);
    EXPECT_EQ(script.colour(1), red(Reason::away));
    script.disconnect(Script::agent(1), 1);
    EXPECT_EQ(script.colour(1), red(Reason::away));
    script.away(1, false, 2);
    EXPECT_EQ(script.colour(1), green);
}

TEST(Presence, S5_LoggingOutHasNoGrace) {
    Script script = confirmed_talk();
    const Effects gone = script.log_out(1);
    EXPECT_EQ(script.colour(1), red(Reason::not_connected));
    EXPECT_EQ(stored<AttendanceRecord>(gone).at(0).attendance, Attendance::absent);
    EXPECT_EQ(codes(script.wait(1ms)), (std::vector<std::string>{"agent_left_queued"}));
}

TEST(Grace, S6_KeepsColourAndConversationsAndAssignsNothing) {
    Script script = confirmed_talk();
    const Effects lost = script.disconnect(Script::agent(1));
    EXPECT_EQ(shown<PresenceView>(lost).at(0).colour,
              (Colour{Status::available, Reason::ready, true}));
    script.start(2, 2);
    EXPECT_EQ(script.agent_of(2), 0);
    script.wait(29s);
    const Effects back = script.connect(Script::agent(1));
    EXPECT_EQ(script.agent_of(1), 1);
    EXPECT_EQ(script.agent_of(2), 1) << "what waited is his now";
    for (const auto& record : stored<PresenceRecord>(back))
        EXPECT_NE(record.colour.status, Status::unavailable);
}

TEST(Grace, S6_NoWatcherSawRedWhenHeIsBackInTime) {
    Script script = confirmed_talk();
    std::vector<Effects> all;
    all.push_back(script.disconnect(Script::agent(1)));
    all.push_back(script.wait(29s));
    all.push_back(script.connect(Script::agent(1)));
    all.push_back(script.wait(60s));
    for (const Effects& effects : all) {
        for (const auto& view : shown<PresenceView>(effects))
            EXPECT_NE(view.colour.status, Status::unavailable);
    }
    EXPECT_EQ(script.agent_of(1), 1);
}

TEST(Grace, S6_P7_AfterItHeIsRedAndHisConversationsWaitWithTheirOldTickets) {
    Script script = confirmed_talk(3);
    script.start(2, 2);
    script.confirm(1, 2);
    script.want(1, Intent::available);
    script.disconnect(Script::agent(1));
    const Effects waits = script.start(3, 3);  // behind what comes back
    const auto ticket_of = [&](int talk) {
        const auto* found = script.engine.memory().conversations.find(Script::talk_id(talk));
        return found->open.conversation.ticket;
    };
    script.wait(29s);
    EXPECT_EQ(script.agent_of(1), 1) << "never before the grace time";
    const Effects gone = script.wait(1001ms);
    EXPECT_EQ(script.colour(1), red(Reason::not_connected));
    EXPECT_EQ(codes(gone), (std::vector<std::string>{"agent_lost_queued", "agent_lost_queued"}));
    std::vector<std::int64_t> shown_tickets;
    for (const auto& view : shown<SummaryView>(gone))
        shown_tickets.push_back(view.ticket);
    EXPECT_EQ(shown_tickets, (std::vector<std::int64_t>{ticket_of(1), ticket_of(2)}));
    EXPECT_LT(ticket_of(2), shown<SummaryView>(waits).at(0).ticket);

    script.connect(Script::agent(2));
    EXPECT_EQ(script.agent_of(1), 2);
    EXPECT_EQ(script.agent_of(2), 2);
    EXPECT_EQ(script.agent_of(3), 2);
    const auto& pool = script.engine.memory();
    EXPECT_LT(pool.conversations.find(Script::talk_id(1))->claim,
              pool.conversations.find(Script::talk_id(2))->claim);
    EXPECT_LT(pool.conversations.find(Script::talk_id(2))->claim,
              pool.conversations.find(Script::talk_id(3))->claim)
        << "the queue's order is that of the tickets (R5)";
}

TEST(Grace, S6_AnotherFreeAgentGetsThemAtOnce) {
    Script script = confirmed_talk();
    script.connect(Script::agent(2), 2);
    script.disconnect(Script::agent(1));
    const Effects gone = script.wait(31s);
    EXPECT_EQ(script.agent_of(1), 2);
    EXPECT_EQ(codes(gone), (std::vector<std::string>{"assigned", "agent_lost_reassigned"}));
    bool told = false;
    for (const auto& publication : gone.publications) {
        const auto* view = std::get_if<SummaryView>(&publication.what);
        if (view == nullptr) continue;
        for (const PublicId& to : publication.to)
            told = told || to == Script::agent_public_id(1);
    }
    EXPECT_TRUE(told) << "who lost it is told who has it";
}

// Of two tabs the one that he sits at is lost for a moment; the other is asleep.
TEST(Grace, S3_ABlipOfTheTabHeSitsAtIsNotSeenWhileAnotherIsAway) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1), 1);
    script.connect(Script::agent(1), 2);
    script.away(1, true, 1);
    EXPECT_TRUE(stored<PresenceRecord>(script.disconnect(Script::agent(1), 2)).empty());
    EXPECT_TRUE(stored<PresenceRecord>(script.connect(Script::agent(1), 2, 2)).empty());
    EXPECT_TRUE(stored<PresenceRecord>(script.wait(31s)).empty());
    EXPECT_EQ(script.colour(1).status, Status::available);

    script.disconnect(Script::agent(1), 2, 2);
    EXPECT_EQ(script.colour(1).status, Status::available);
    script.wait(31s);
    EXPECT_EQ(script.colour(1), red(Reason::away)) << "nobody sits there any more";
}

TEST(Grace, S6_KeepsThemWhenTheTenantSaysSo) {
    TenantState state = Script::state({{1, 2}, {2, 2}});
    state.settings.when_agent_gone = WhenAgentGone::keep;
    Script script{state};
    script.connect(Script::agent(1));
    script.connect(Script::agent(2), 2);
    script.want(2, Intent::unavailable);
    script.start(1, 1);
    script.confirm(1, 1);
    script.disconnect(Script::agent(1));
    EXPECT_EQ(codes(script.wait(31s)), (std::vector<std::string>{"agent_lost_kept"}));
    EXPECT_EQ(script.agent_of(1), 1);
}

TEST(Grace, S6_TheIntentSurvivesDisconnectionAndRebuild) {
    Script script = confirmed_talk();
    script.want(1, Intent::unavailable, "lunch");
    script.disconnect(Script::agent(1));
    script.wait(31s);
    Script again{write_down(script.engine.memory())};
    again.engine.begin(nullptr, script.now);
    again.now = script.now;
    again.connect(Script::agent(1), 9);
    EXPECT_EQ(again.colour(1), red(Reason::chosen));
}

// A batch that was lost is done again, by a memory that knows the connections as they are after it.
TEST(Takeover, K1_AVisitorWhoCameBackInALostBatchIsThere) {
    Script script = confirmed_talk();
    script.connect(Script::visitor(1), 2);
    script.disconnect(Script::visitor(1), 2);
    script.wait(61s);
    const TenantState before = write_down(script.engine.memory());
    script.connect(Script::visitor(1), 3);
    Script next{before};
    next.now = script.now;
    EXPECT_EQ(codes(next.engine.begin(&script.engine, next.now)),
              std::vector<std::string>{"visitor_back"});
    EXPECT_TRUE(codes(next.connect(Script::visitor(1), 3)).empty());
    EXPECT_EQ(broken_rule(next.engine.memory()), std::nullopt);
}

TEST(Takeover, K1_AVisitorWhoBeganAndWentInALostBatchIsNotWaitedForWithoutEnd) {
    Script script = Script::with({});
    const TenantState before = write_down(script.engine.memory());
    const auto come_and_go = [](Script& owner) {
        owner.start(1, 1);
        owner.disconnect(Script::visitor(1));
    };
    script.connect(Script::visitor(1));
    come_and_go(script);
    Script next{before};
    next.now = script.now;
    next.engine.begin(&script.engine, next.now);
    come_and_go(next);
    EXPECT_EQ(next.state_of(1), ConversationState::queued);
    next.wait(61s);
    EXPECT_EQ(next.engine.memory().conversations.find(Script::talk_id(1)), nullptr);
}

TEST(Takeover, A17_WhoWasThereKeepsHisColourAndIsReconnectingUntilConfirmed) {
    Script script = confirmed_talk();
    Script next{write_down(script.engine.memory())};
    next.now = script.now;
    const Effects begun = next.engine.begin(nullptr, next.now);
    EXPECT_EQ(next.colour(1), (Colour{Status::available, Reason::ready, true}));
    ASSERT_EQ(stored<PresenceRecord>(begun).size(), 1u);
    EXPECT_TRUE(stored<PresenceRecord>(begun)[0].colour.reconnecting);
    next.start(2, 2);
    EXPECT_EQ(next.agent_of(2), 0) << "nothing new until his front node confirms him";
    next.connect(Script::agent(1), 9);
    EXPECT_EQ(next.agent_of(2), 1);
    EXPECT_EQ(next.agent_of(1), 1);
}

TEST(Takeover, A17_WhoDoesNotComeBackIsGoneAfterTheGraceTime) {
    Script script = confirmed_talk();
    Script next{write_down(script.engine.memory())};
    next.now = script.now;
    next.engine.begin(nullptr, next.now);
    next.wait(31s);
    EXPECT_EQ(next.colour(1), red(Reason::not_connected));
    EXPECT_EQ(next.state_of(1), ConversationState::queued);
}

TEST(Record, S7_EveryChangeIsVersionedAndSaysWhoAndWhen) {
    Script script = confirmed_talk();
    const Effects effects = script.want(1, Intent::unavailable, "lunch");
    const auto records = stored<PresenceRecord>(effects);
    ASSERT_EQ(records.size(), 1u);
    EXPECT_EQ(records[0].wish, (Wish{Intent::unavailable, Reason::chosen, "lunch"}));
    EXPECT_EQ(records[0].by, Script::agent(1).person);
    EXPECT_EQ(records[0].at, script.now);
    const auto before = shown<PresenceView>(effects).at(0).version;
    EXPECT_LT(before, shown<PresenceView>(script.want(1, Intent::available)).at(0).version);
    EXPECT_TRUE(stored<PresenceRecord>(script.want(1, Intent::available)).empty())
        << "what changes nothing is no change";
}

TEST(Confirmation, R7_TellsTheVisitorWhoJoinedOnlyOnceItIsConfirmed) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    const Effects started = script.start(1, 1);
    for (const auto& publication : started.publications) {
        const auto* view = std::get_if<EntryView>(&publication.what);
        if (view == nullptr || view->entry.kind != EntryKind::system) continue;
        EXPECT_EQ(view->entry.visibility, Visibility::agents);
    }
    EXPECT_FALSE(conversation(script, 1).joined_at);
    const Effects confirmed = script.confirm(1, 1);
    EXPECT_EQ(codes(confirmed), (std::vector<std::string>{"joined"}));
    EXPECT_EQ(shown<EntryView>(confirmed)[0].entry.visibility, Visibility::all);
    EXPECT_TRUE(script.confirm(1, 1).records.empty()) << "once more is nothing";
    EXPECT_EQ(refusal(script.confirm(2, 1)), Refusal::not_found);
}

TEST(Confirmation, R7_A18_AFrozenClientLosesItAfterFiveSecondsAndTurnsRed) {
    Script script = Script::with({{1, 2}, {2, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.start(2, 2);
    script.confirm(1, 2);
    script.wait(4s);
    EXPECT_EQ(script.agent_of(1), 1);
    const Effects late = script.wait(1s);
    EXPECT_EQ(script.colour(1), red(Reason::unresponsive));
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
    EXPECT_EQ(script.agent_of(2), 1) << "what was confirmed stays";
    EXPECT_EQ(codes(late), (std::vector<std::string>{"agent_unresponsive_queued"}));
    script.connect(Script::agent(2), 2);
    EXPECT_EQ(script.agent_of(1), 2);
}

TEST(Confirmation, R7_IsCountedAnewAfterAReconnect) {
    Script script = Script::with({{1, 2}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.wait(4s);
    script.disconnect(Script::agent(1));
    script.wait(10s);
    EXPECT_EQ(script.agent_of(1), 1) << "not counted while he is not connected";
    script.connect(Script::agent(1));
    script.wait(4s);
    EXPECT_EQ(script.agent_of(1), 1);
    script.wait(1s);
    EXPECT_EQ(script.agent_of(1), 0);
}

TEST(Codes, K12_EveryCauseHasACodeOfItsOwnForEverythingThatIsPossible) {
    std::set<std::string_view> all;
    for (const auto cause : {AgentGone::not_connected,
                             AgentGone::logged_out,
                             AgentGone::unresponsive,
                             AgentGone::disabled}) {
        for (const auto after : {AfterAgent::reassigned, AfterAgent::queued, AfterAgent::kept})
            all.insert(code_of(cause, after));
    }
    EXPECT_EQ(all.size(), 12u);
    EXPECT_FALSE(all.contains(""));
}

}  // namespace
}  // namespace switchboard
