#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

Script with_rule(const SiteRule& rule) {
    TenantState state = Script::state({{1, 1}, {2, 1}});
    state.sites[0].rules = {rule};
    return Script{state};
}

Effects ask_live(Script& script, const Principal& who, bool agents, bool queue) {
    return script.apply({who, ShowLive{agents, queue}});
}

std::vector<int> places(const Effects& effects) {
    std::vector<int> places;
    for (const auto& view : shown<QueuePlaceView>(effects))
        places.push_back(view.position);
    return places;
}

TEST(NobodyFree, R4_RefuseIsATypedAnswerCountedAsBusyOrAbsentAndRemembersNothing) {
    SiteRule rule;
    rule.when_nobody_free = WhenNobodyFree::refuse;
    Script script = with_rule(rule);
    const Effects absent = script.start(1, 1);
    EXPECT_EQ(refusal(absent), Refusal::nobody_available);
    EXPECT_EQ(stored<MissedRecord>(absent).at(0).cause, Missed::absent);
    EXPECT_TRUE(stored<ConversationRecord>(absent).empty());

    script.connect(Script::agent(1));
    EXPECT_EQ(refusal(script.start(1, 1)), std::nullopt) << "a retry is judged anew (K8)";
    EXPECT_EQ(stored<MissedRecord>(script.start(2, 2)).at(0).cause, Missed::busy);
}

TEST(NobodyFree, R4_LeaveMessageWaitsWithoutItsVisitor) {
    SiteRule rule;
    rule.when_nobody_free = WhenNobodyFree::leave_message;
    Script script = with_rule(rule);
    const Principal vera = Script::visitor(1);
    script.connect(vera, 7);
    script.start(1, 1);
    script.disconnect(vera, 7);
    script.wait(2h);
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
    script.connect(Script::agent(1));
    EXPECT_EQ(script.agent_of(1), 1);
}

TEST(NobodyFree, R4_TheQueueIsBoundedInLength) {
    SiteRule rule;
    rule.waiting_max = 2;
    Script script = with_rule(rule);
    script.start(1, 1);
    script.start(2, 2);
    const Effects third = script.start(3, 3);
    EXPECT_EQ(refusal(third), Refusal::nobody_available);
    EXPECT_EQ(stored<MissedRecord>(third).at(0).cause, Missed::full);
}

TEST(NobodyFree, R4_TheQueueIsBoundedInTime) {
    SiteRule rule;
    rule.wait_max = 120s;
    Script script = with_rule(rule);
    script.start(1, 1);
    script.wait(119s);
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
    const Effects over = script.wait(1s);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
    EXPECT_EQ(stored<ConversationRecord>(over).at(0).conversation.close_reason,
              CloseReason::wait_limit);
}

TEST(NobodyFree, R4_PastTheWaitLimitItTurnsIntoAMessageWhenTheRuleSaysSo) {
    SiteRule rule;
    rule.wait_max = 120s;
    rule.when_waited_long = WhenWaitedLong::leave_message;
    Script script = with_rule(rule);
    script.start(1, 1);
    const Effects over = script.wait(121s);
    EXPECT_TRUE(stored<ConversationRecord>(over).at(0).conversation.patient);
    script.wait(24h);
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
}

TEST(Place, R4_IsPushedWhenItChangesAndExpectedByThePaceOfTheQueue) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.confirm(1, 1);
    script.wait(5s);
    for (const int talk : {2, 3, 4})
        script.start(talk, talk);
    EXPECT_EQ(places(script.wait(2s)), (std::vector<int>{1, 2, 3}));
    script.wait(8s);
    script.close(Script::agent(1), 1);
    script.confirm(1, 2);
    const Effects moved = script.wait(2s);
    EXPECT_EQ(places(moved), (std::vector<int>{1, 2}));
    const auto views = shown<QueuePlaceView>(moved);
    ASSERT_TRUE(views[0].expect);
    EXPECT_NEAR(static_cast<double>(views[0].expect->count()), 10, 2);
    EXPECT_NEAR(static_cast<double>(views[1].expect->count()), 21, 2);
    EXPECT_TRUE(places(script.wait(30s)).empty()) << "nothing changed, nothing is told";
}

TEST(Place, R4_IsCoalescedToOneASecond) {
    Script script = Script::with({{1, 1}});
    for (int talk = 1; talk <= 3; ++talk)
        script.start(talk, talk);
    script.wait(1s);
    script.close(Script::visitor(1), 1);
    script.close(Script::visitor(2), 2);
    EXPECT_EQ(places(script.wait(1s)), (std::vector<int>{1})) << "from 3 to 1 at once";
}

// What is due at the same moment ends first: nobody is told a place that is none.
TEST(Place, R4_IsToldOnceAllWhoAreToWaitDoSo) {
    Script script = Script::with({{1, 3}});
    script.connect(Script::agent(1));
    for (const int talk : {1, 2, 3, 4})
        script.start(talk, talk);
    for (const int talk : {1, 2, 3})
        script.confirm(1, talk);
    script.wait(3s);
    script.log_out(1);
    EXPECT_EQ(places(script.wait(0s)), (std::vector<int>{1, 2, 3, 4}));
    EXPECT_TRUE(places(script.wait(3s)).empty());
}

TEST(Place, R4_IsInTheWelcomeOfWhoComesBack) {
    Script script = Script::with({{1, 1}});
    script.start(1, 1);
    script.start(2, 2);
    const Effects back = script.connect(Script::visitor(2), 5);
    const auto& welcome = std::get<WelcomeView>(back.reply);
    ASSERT_EQ(welcome.places.size(), 1u);
    EXPECT_EQ(welcome.places[0].position, 2);
}

TEST(Place, R4_WhoCameBackBetweenTwoMovesIsToldOfTheSecond) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.start(2, 2);
    script.wait(0s);  // the second is told that he is the first to wait
    script.log_out(1);
    script.wait(0s);
    const Effects back = script.connect(Script::visitor(2), 5);
    EXPECT_EQ(std::get<WelcomeView>(back.reply).places.at(0).position, 2);
    script.close(Script::visitor(1), 1);
    EXPECT_EQ(places(script.wait(1s)), (std::vector<int>{1}));
}

TEST(ManualClaim, R8_C3_TakesWhoWaitsWhateverTheIntentButWithinTheLimits) {
    Script script = Script::with({{1, 1}, {2, 1}, {3, 1, {GroupId{2}}}});
    for (const int id : {1, 2, 3}) {
        script.connect(Script::agent(id), id);
        script.want(id, Intent::unavailable);
    }
    for (const int talk : {1, 2, 3})
        script.start(talk, talk);
    const Effects taken = script.take(1, 2);
    EXPECT_EQ(script.agent_of(2), 1);
    EXPECT_TRUE(
        script.engine.memory().conversations.find(Script::talk_id(2))->open.conversation.joined_at)
        << "by hand needs no confirmation";
    EXPECT_EQ(stored<ClaimRecord>(taken).size(), 1u);
    EXPECT_EQ(refusal(script.take(1, 1)), Refusal::agent_full);

    const Effects lost = script.take(2, 2);
    EXPECT_EQ(refusal(lost), Refusal::already_taken);
    EXPECT_EQ(std::get<Refused>(lost.reply).taken_by.public_id, Script::agent_public_id(1));
    EXPECT_EQ(refusal(script.take(3, 1)), Refusal::not_found) << "of another group";
    EXPECT_EQ(script.agent_of(1), 0);
}

TEST(ManualClaim, R8_AManagerTakesWhoWaitsAndIsItsAgentThen) {
    Script script = Script::with({{.id = 9, .slots_max = 1, .groups = {}, .role = Role::manager}});
    Principal manager = Script::manager();
    manager.public_id = Script::agent_public_id(9);
    script.connect(manager, 9);
    script.start(1, 1);
    ASSERT_EQ(script.agent_of(1), 0) << "no group of his serves the site";
    EXPECT_EQ(refusal(script.send(manager, 1, script.message_id(1))), Refusal::forbidden);

    EXPECT_EQ(refusal(script.apply({manager, ClaimConversation{Script::talk_id(1)}})),
              std::nullopt);
    EXPECT_EQ(script.agent_of(1), 9);
    EXPECT_EQ(refusal(script.send(manager, 1, script.message_id(2))), std::nullopt);
    EXPECT_EQ(refusal(script.send(manager, 1, script.message_id(3), "seen", EntryKind::note)),
              std::nullopt);
    script.start(2, 2);
    EXPECT_EQ(refusal(script.apply({manager, ClaimConversation{Script::talk_id(2)}})),
              Refusal::agent_full);
}

TEST(Push, R7_AManagerWhoIsAssignedOneConfirmsIt) {
    Script script = Script::with({{.id = 9, .slots_max = 1, .role = Role::manager}});
    Principal manager = Script::manager();
    manager.public_id = Script::agent_public_id(9);
    script.connect(manager, 9);
    script.start(1, 1);
    ASSERT_EQ(script.agent_of(1), 9);
    EXPECT_EQ(refusal(script.apply({manager, ConfirmAssignment{Script::talk_id(1)}})),
              std::nullopt);
    script.wait(10s);
    EXPECT_EQ(script.agent_of(1), 9);
}

TEST(Push, R7_AViewerIsAssignedNothing) {
    Script script = Script::with({{.id = 8, .slots_max = 1, .role = Role::viewer}});
    script.connect({TenantId{1}, Role::viewer, person(AgentId{8}), Script::agent_public_id(8)});
    script.start(1, 1);
    EXPECT_EQ(script.agent_of(1), 0);
    EXPECT_EQ(script.colour(8).reason, Reason::not_enabled);
}

TEST(ManualClaim, R8_NeedsAConnectionAndTheChannel) {
    Script script = Script::with({{1, 1}, {2, 1}});
    script.start(1, 1);
    EXPECT_EQ(refusal(script.take(1, 1)), Refusal::forbidden);
    script.connect(Script::agent(2), 2);
    script.want(2, Intent::unavailable);
    script.close(Script::agent(2), 1);
    script.start(2, 2);
    script.limit(2, 1, false);
    EXPECT_EQ(refusal(script.take(2, 2)), Refusal::forbidden);
}

TEST(Availability, S8_FlipsAreToldToTheVisitorsOfTheSiteAtMostOnceASecond) {
    Script script = Script::with({{1, 1}});
    script.start(9, 9);
    script.close(Script::visitor(9), 9);
    script.wait(5s);
    const Effects arrived = script.connect(Script::agent(1));
    const Effects told = script.wait(1s);
    std::vector<AvailabilityView> views = shown<AvailabilityView>(told);
    ASSERT_EQ(views.size(), 1u);
    EXPECT_EQ(views[0].site, SiteId{1});
    EXPECT_EQ(views[0].channel, Channel::chat);
    EXPECT_EQ(views[0].availability, Availability::yes);
    script.start(1, 1);
    script.close(Script::agent(1), 1);
    EXPECT_TRUE(shown<AvailabilityView>(script.wait(1s)).empty()) << "back before it was told";
    EXPECT_TRUE(shown<AvailabilityView>(arrived).empty());
}

TEST(Availability, S8_WhoCameBetweenTwoFlipsIsToldOfTheSecond) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.wait(1s);
    script.start(1, 1);
    const Effects came = script.connect(Script::visitor(2), 2);
    EXPECT_EQ(std::get<WelcomeView>(came.reply).availability.at(0).availability,
              Availability::queue);
    script.close(Script::agent(1), 1);
    const auto told = shown<AvailabilityView>(script.wait(1s));
    ASSERT_EQ(told.size(), 1u) << "to all others it is what they were told before";
    EXPECT_EQ(told[0].availability, Availability::yes);
}

TEST(Availability, S8_IsToldWhenTheRuleOfTheSiteChanges) {
    Script script = Script::with({});
    script.start(1, 1);
    script.wait(5s);
    ConfigureSite changed;
    changed.site = script.engine.memory().sites.at(SiteId{1});
    SiteRule rule;
    rule.when_nobody_free = WhenNobodyFree::refuse;
    changed.site.rules = {rule};
    const Principal admin{TenantId{1}, Role::admin, {PersonKind::manager, 90}, {}, {}};
    script.apply({admin, changed});
    const auto told = shown<AvailabilityView>(script.wait(1s));
    ASSERT_EQ(told.size(), 1u);
    EXPECT_EQ(told[0].availability, Availability::no);
}

// The batch with the end of his shift was stored while the lease ran out: its alarms are gone.
TEST(Availability, S8_IsToldAfterATakeoverThatLeftNobody) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.connect(Script::visitor(2), 2);
    script.wait(1s);
    const Connection last{Script::talk_id(99), 1};
    script.apply({Script::agent(1), Connect{last, SiteId{}, ""}});
    script.disconnect(Script::agent(1));
    script.apply({Script::agent(1), Disconnect{last, true}});
    Script next{write_down(script.engine.memory())};
    next.now = script.now;
    next.engine.begin(&script.engine, next.now);
    const auto told = shown<AvailabilityView>(next.wait(1s));
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told[0].availability, Availability::queue);
}

// What a site's server is told, for chat and messaging.
std::vector<Availability> ask_availability(Script& script, const std::string& site) {
    const Effects effects = script.apply({Script::manager(), ShowAvailability{site}});
    std::vector<Availability> answers;
    if (const auto* answer = std::get_if<SiteAvailability>(&effects.reply))
        for (const AvailabilityView& view : answer->channels)
            answers.push_back(view.availability);
    return answers;
}

TEST(Availability, S8_IsAskedForBySiteAndChannel) {
    using Answers = std::vector<Availability>;
    constexpr auto no = Availability::no, queue = Availability::queue, yes = Availability::yes;
    SiteRule rule;
    rule.when_nobody_free = WhenNobodyFree::refuse;
    Script script = with_rule(rule);
    EXPECT_EQ(ask_availability(script, "site1"), (Answers{no, queue}));
    script.connect(Script::agent(1));
    EXPECT_EQ(ask_availability(script, "site1"), (Answers{yes, queue}));
    EXPECT_EQ(ask_availability(script, "site2"), (Answers{queue, queue})) << "not his group";
    script.start(1, 1);
    EXPECT_EQ(ask_availability(script, "site1"), (Answers{no, queue}));
    script.connect(Script::agent(2));
    script.want(2, Intent::unavailable);
    EXPECT_EQ(ask_availability(script, "site1"), (Answers{no, queue}));
    script.want(2, Intent::available);
    EXPECT_EQ(ask_availability(script, "site1"), (Answers{yes, queue}));
}

TEST(Availability, S8_IsToldToWhoMayAskAndOfTheTenantsSites) {
    Script script = Script::with({});
    const auto why_not = [&](const Principal& who, const std::string& site) {
        return refusal(script.apply({who, ShowAvailability{site}}));
    };
    EXPECT_EQ(why_not(Script::manager(), "site1"), std::nullopt);
    EXPECT_EQ(why_not(Script::manager(), "another-tenants"), Refusal::not_found);
    EXPECT_EQ(why_not(Script::agent(1), "site1"), Refusal::forbidden);
    EXPECT_EQ(why_not(Script::visitor(1), "site1"), Refusal::forbidden);
    EXPECT_EQ(why_not(Script::key(1, "presence:write"), "site1"), Refusal::forbidden);
    EXPECT_EQ(why_not(Script::key(1, "availability:read"), "site1"), std::nullopt);
}

TEST(Availability, S8_IsNoWhereNobodyWouldWaitAndInTheWelcome) {
    SiteRule rule;
    rule.when_nobody_free = WhenNobodyFree::refuse;
    Script script = with_rule(rule);
    const auto answer = [&] {
        const Effects effects = script.connect(Script::visitor(1), 3);
        return std::get<WelcomeView>(effects.reply).availability.at(0).availability;
    };
    EXPECT_EQ(answer(), Availability::no);
    script.connect(Script::agent(1));
    EXPECT_EQ(answer(), Availability::yes);
    script.disconnect(Script::agent(1));
    EXPECT_EQ(answer(), Availability::no) << "nobody is assignable";
}

TEST(VisitorGone, K1_WhoWaitsIsAbandonedAfterTheGraceTime) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::visitor(1), 7);
    script.start(1, 1);
    script.disconnect(Script::visitor(1), 7);
    script.wait(59s);
    script.connect(Script::visitor(1), 7);
    script.wait(120s);
    EXPECT_EQ(script.state_of(1), ConversationState::queued) << "he came back in time";
    script.disconnect(Script::visitor(1), 7);
    const Effects gone = script.wait(61s);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
    EXPECT_EQ(stored<ConversationRecord>(gone).at(0).conversation.close_reason,
              CloseReason::abandoned);
}

TEST(VisitorGone, K1_AChatThatComesBackToTheQueueWithoutItsVisitorIsAbandoned) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.connect(Script::visitor(1), 5);
    script.start(1, 1);
    script.confirm(1, 1);
    script.disconnect(Script::visitor(1), 5);
    script.wait(2min);
    ASSERT_EQ(script.state_of(1), ConversationState::active);
    script.disconnect(Script::agent(1));
    const Effects gone = script.wait(31s);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
    EXPECT_EQ(stored<ConversationRecord>(gone).back().conversation.close_reason,
              CloseReason::abandoned);
}

TEST(VisitorGone, K1_WhoWritesAfterHeLeftHasHisGraceTimeAnew) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.connect(Script::visitor(1), 5);
    script.start(1, 1);
    script.confirm(1, 1);
    script.disconnect(Script::visitor(1), 5);
    script.wait(2min);
    script.rest(1, 1);
    script.limit(1, 1, false);
    script.send(Script::visitor(1), 1, script.message_id(1));
    EXPECT_EQ(script.state_of(1), ConversationState::queued);
    EXPECT_EQ(broken_rule(script.engine.memory()), std::nullopt);
    script.wait(2min);
    EXPECT_EQ(script.state_of(1), ConversationState::closed) << "he did not come";
}

TEST(VisitorGone, K13_AnActiveChatIsToldAndClosedByTheIdleRule) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    script.connect(Script::visitor(1), 7);
    script.start(1, 1);
    script.confirm(1, 1);
    script.disconnect(Script::visitor(1), 7);
    const Effects gone = script.wait(61s);
    EXPECT_TRUE(shown<SummaryView>(gone).at(0).visitor_left);
    script.connect(Script::visitor(1), 7);
    EXPECT_FALSE(
        script.engine.memory().conversations.find(Script::talk_id(1))->open.conversation.left_at);
    script.disconnect(Script::visitor(1), 7);
    script.wait(31min);
    EXPECT_EQ(script.state_of(1), ConversationState::closed);
}

TEST(Live, AManagerSeesAgentsAndTheQueueByTicketAnAgentTheQueueOfHisSites) {
    Script script = Script::with({{1, 1}, {2, 1, {GroupId{2}}}});
    script.start(1, 1);
    script.start(2, 2, SiteId{2});
    script.start(3, 3);
    const Effects all = ask_live(script, Script::manager(), true, true);
    const auto& live = std::get<LiveView>(all.reply);
    EXPECT_EQ(live.agents.size(), 2u);
    ASSERT_EQ(live.queue.size(), 3u);
    EXPECT_EQ(live.queue[1].conversation, Script::talk_id(2));

    const Effects own = ask_live(script, Script::agent(2), false, true);
    ASSERT_EQ(std::get<LiveView>(own.reply).queue.size(), 1u);
    EXPECT_EQ(std::get<LiveView>(own.reply).sites, std::vector<SiteId>{SiteId{2}});
    EXPECT_EQ(refusal(ask_live(script, Script::agent(1), true, false)), Refusal::forbidden);
    EXPECT_EQ(refusal(ask_live(script, Script::visitor(1), false, true)), Refusal::forbidden);
}

TEST(Live, WhoWatchesTheQueueIsToldWhenSomebodyComesAndGoes) {
    Script script = Script::with({{1, 1}});
    const auto watched = [](const Effects& effects) {
        int count = 0;
        for (const auto& publication : effects.publications)
            count += publication.watchers == Watchers::queue && publication.site == SiteId{1};
        return count;
    };
    EXPECT_EQ(watched(script.start(1, 1)), 1);
    EXPECT_EQ(watched(script.connect(Script::agent(1))), 1) << "it waits no more";
    EXPECT_EQ(watched(script.confirm(1, 1)), 0);
    script.start(2, 2);
    EXPECT_EQ(watched(script.close(Script::visitor(2), 2)), 1);
}

}  // namespace
}  // namespace switchboard
