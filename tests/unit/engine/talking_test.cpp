#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "domain/errors.hpp"
#include "engine/conversations/progress.hpp"
#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using Script = TenantScript;
using namespace std::chrono_literals;

// Agent 1 talks with visitor 1 in conversation 1.
Script talking() {
    Script script = Script::with({{1, 3}});
    script.connect(Script::agent(1));
    script.connect(Script::visitor(1));
    script.start(1, 1);
    return script;
}

const TimelineSummary& summary(const Script& script) {
    return script.engine.memory().conversations.find(Script::talk_id(1))->open.summary;
}

TEST(Start, StoresTheVisitorTheFirstMessageAndTheAssignmentTogether) {
    Script script = Script::with({{1, 1}});
    script.connect(Script::agent(1));
    const Effects started = script.start(1, 1);
    const auto entries = stored<Entry>(started);
    ASSERT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].seq, 1);
    EXPECT_EQ(entries[0].body, "hello");
    EXPECT_TRUE(entries[0].client_message_id);
    EXPECT_EQ(entries[1].kind, EntryKind::system);
    EXPECT_NE(entries[1].body.find("\"assigned\""), std::string::npos);
    EXPECT_EQ(stored<VisitorRecord>(started).size(), 1u);
    EXPECT_EQ(stored<ClaimRecord>(started).size(), 1u);
    EXPECT_EQ(started.positions, static_cast<int>(started.records.size()));
    const auto& answer = std::get<MessageStored>(started.reply);
    EXPECT_EQ(answer.seq, 1);
    EXPECT_EQ(answer.pos, entries[0].pos);
}

TEST(Start, WithOneOpenAlreadyAnswersWhichOne) {
    Script script = talking();
    const Effects again = script.start(1, 2);
    EXPECT_EQ(refusal(again), Refusal::already_open);
    EXPECT_EQ(std::get<Refused>(again.reply).open_conversation, Script::talk_id(1));
    EXPECT_TRUE(again.records.empty());
}

TEST(Start, RepeatedGivesTheFirstAnswerEvenAfterTheClose) {
    Script script = talking();
    StartConversation start{
        Script::talk_id(2), SiteId{1}, Channel::chat, script.message_id(7), "hi"};
    const Effects first = script.apply({Script::visitor(2), start});
    start.conversation = Script::talk_id(3);  // minted anew at the edge for the retry
    const Effects second = script.apply({Script::visitor(2), start});
    EXPECT_EQ(std::get<MessageStored>(first.reply), std::get<MessageStored>(second.reply));
    EXPECT_TRUE(second.records.empty());
    script.close(Script::agent(1), 2);

    const VisitorId id = stored<VisitorRecord>(first).at(0).id;
    Facts facts;
    facts.visitors = {{id, Script::visitor_public_id(2), "Vera"}};
    const Effects third = script.apply({Script::visitor(2), start}, facts);
    EXPECT_EQ(std::get<MessageStored>(first.reply), std::get<MessageStored>(third.reply));
    start.text = "something else";
    EXPECT_EQ(refusal(script.apply({Script::visitor(2), start}, facts)), Refusal::id_conflict);
}

TEST(Send, K5_GivesEachMessageTheNextSeqAndShowsItToBothSides) {
    Script script = talking();
    const Effects sent = script.send(Script::visitor(1), 1, script.message_id(1));
    EXPECT_EQ(std::get<MessageStored>(sent.reply).seq, 3);
    const auto entries = shown<EntryView>(sent);
    ASSERT_EQ(entries.size(), 1u);
    EXPECT_EQ(entries[0].prev_seq, 2);
    EXPECT_EQ(sent.publications[0].to.size(), 2u);
}

TEST(Send, RepeatedIsStoredOnceAndWithAnotherContentIsAConflict) {
    Script script = talking();
    const auto id = script.message_id(1);
    const Effects first = script.send(Script::visitor(1), 1, id, "one");
    const Effects second = script.send(Script::visitor(1), 1, id, "one");
    EXPECT_EQ(std::get<MessageStored>(first.reply), std::get<MessageStored>(second.reply));
    EXPECT_TRUE(second.records.empty());
    EXPECT_EQ(refusal(script.send(Script::visitor(1), 1, id, "two")), Refusal::id_conflict);
    EXPECT_EQ(refusal(script.send(Script::agent(1), 1, id, "two")), std::nullopt)
        << "an id belongs to its sender";
}

TEST(Send, K2_K5_ANoteIsForAgentsAndAwaitsNobody) {
    Script script = talking();
    const Effects noted =
        script.send(Script::agent(1), 1, script.message_id(1), "rude", EntryKind::note);
    EXPECT_EQ(noted.publications[0].to.size(), 1u);
    EXPECT_EQ(noted.publications[0].to[0], Script::agent_public_id(1));
    EXPECT_EQ(summary(script).awaiting, Awaiting::agent);
    EXPECT_EQ(
        refusal(script.send(Script::visitor(1), 1, script.message_id(2), "note", EntryKind::note)),
        Refusal::forbidden);

    const Effects next = script.send(Script::visitor(1), 1, script.message_id(3));
    const auto view = shown<EntryView>(next).at(0);
    EXPECT_EQ(view.prev_seq, 3) << "agents see the note";
    EXPECT_EQ(view.prev_public_seq, 1) << "the visitor does not";
}

TEST(Send, RefusesIdsThatAreTooOldTooFarAheadOrNotOfVersion7) {
    Script script = talking();
    const auto old = Script::message_id(1, script.now - std::chrono::days(366));
    const auto ahead = Script::message_id(1, script.now + 11min);
    auto other = script.message_id(1);
    other.bytes[6] = 0x40;
    EXPECT_EQ(refusal(script.send(Script::visitor(1), 1, old)), Refusal::id_expired);
    EXPECT_EQ(refusal(script.send(Script::visitor(1), 1, ahead)), Refusal::invalid);
    EXPECT_EQ(refusal(script.send(Script::visitor(1), 1, other)), Refusal::invalid);
}

TEST(Send, ToAnothersConversationIsNotFoundAndToAClosedOneSaysSo) {
    Script script = talking();
    script.connect(Script::agent(1), 2);
    EXPECT_EQ(refusal(script.send(Script::visitor(2), 1, script.message_id(1))),
              Refusal::not_found);
    const VisitorId visitor =
        script.engine.memory().visitors.find(Script::visitor_public_id(1))->id;
    script.close(Script::visitor(1), 1);

    Facts facts;
    StoredConversation closed;
    closed.public_id = Script::talk_id(1);
    closed.access = {TenantId{1}, visitor, AgentId{1}};
    facts.conversations = {closed};
    const SendMessage send{Script::talk_id(1), script.message_id(2), EntryKind::text, "late"};
    EXPECT_EQ(refusal(script.apply({Script::visitor(1), send}, facts)),
              Refusal::conversation_closed);
    EXPECT_EQ(refusal(script.apply({Script::visitor(3), send}, facts)), Refusal::not_found);
}

TEST(Awaiting, K2_FlipsWithPublicMessagesOnlyAndKeepsTheTimeOfTheFlip) {
    Script script = talking();
    const auto opened = summary(script).awaiting_since;
    script.send(Script::visitor(1), 1, script.message_id(1));
    EXPECT_EQ(summary(script).awaiting_since, opened);
    script.send(Script::agent(1), 1, script.message_id(2));
    EXPECT_EQ(summary(script).awaiting, Awaiting::visitor);
    EXPECT_EQ(summary(script).awaiting_since, script.now);
}

TEST(Awaiting, K2_ANewOneAwaitsTheAgentAndNotesAndSystemLinesFlipNothing) {
    Script script = Script::with({{1, 3}});
    script.connect(Script::visitor(1));
    script.start(1, 1);
    const auto opened = script.now;
    script.connect(Script::agent(1));  // it waited and is assigned: system lines
    EXPECT_GT(summary(script).last_seq, 1);
    EXPECT_EQ(summary(script).awaiting, Awaiting::agent);
    EXPECT_EQ(summary(script).awaiting_since, opened);

    script.send(Script::agent(1), 1, script.message_id(1), "https://a", EntryKind::link);
    const auto answered = script.now;
    EXPECT_EQ(summary(script).awaiting, Awaiting::visitor);
    script.send(Script::agent(1), 1, script.message_id(2), "note", EntryKind::note);
    script.send(Script::visitor(1), 2, script.message_id(3));  // fails
    EXPECT_EQ(summary(script).awaiting, Awaiting::visitor);
    EXPECT_EQ(summary(script).awaiting_since, answered);
    EXPECT_EQ(summary(script).last_message_at, answered);
}

TEST(Awaiting, K2_IsNobodyWhileItRestsAndOnceItIsClosed) {
    Script script = talking();
    const auto rests = shown<SummaryView>(script.rest(1, 1)).back();
    EXPECT_EQ(rests.timeline.awaiting, Awaiting::nobody);
    EXPECT_EQ(rests.timeline.awaiting_since, std::nullopt);
    const auto back =
        shown<SummaryView>(script.send(Script::visitor(1), 1, script.message_id(1))).back();
    EXPECT_EQ(back.timeline.awaiting, Awaiting::agent);
    const auto closed = shown<SummaryView>(script.close(Script::agent(1), 1)).back();
    EXPECT_EQ(closed.timeline.awaiting, Awaiting::nobody);
}

TEST(Bar, K3_HasAllOfEachOwnConversationInTheWelcomeAndTheSameAsDeltas) {
    Script script = talking();
    const auto opened = script.now;
    script.start(2, 2);
    const Effects sent = script.send(Script::visitor(1), 1, script.message_id(1), "are you there?");
    const auto deltas = shown<SummaryView>(sent);
    ASSERT_EQ(deltas.size(), 1u);
    const SummaryView& line = deltas[0];
    EXPECT_EQ(line.channel, Channel::chat);
    EXPECT_EQ(line.visitor.name, "Vera");
    EXPECT_EQ(line.opened_at, opened);
    EXPECT_EQ(line.assigned_at, opened);
    EXPECT_EQ(line.timeline.last_message_at, script.now);
    EXPECT_EQ(line.timeline.last_visitor_message, "are you there?");
    EXPECT_EQ(line.timeline.awaiting, Awaiting::agent);
    EXPECT_EQ(line.timeline.awaiting_since, opened);
    EXPECT_EQ(line.unread, 2);
    EXPECT_EQ(line.state, ConversationState::active);

    const Effects again = script.connect(Script::agent(1), 2);
    const auto& welcome = std::get<WelcomeView>(again.reply);
    ASSERT_EQ(welcome.conversations.size(), 2u);
    EXPECT_EQ(welcome.conversations[0], line);
    const auto rests = shown<SummaryView>(script.rest(1, 1));
    EXPECT_EQ(rests.back().state, ConversationState::inactive);
}

TEST(Bar, K3_AMessageIsOneLineHoweverManyThereAreAndTimeAloneIsNone) {
    Script script = Script::with({{1, 50}, {2, 50}});
    script.connect(Script::agent(1));
    script.connect(Script::agent(2));
    for (int talk = 1; talk <= 100; ++talk) {
        script.start(talk, talk);
        script.confirm(script.agent_of(talk), talk);
    }
    const Effects sent = script.send(Script::visitor(7), 7, script.message_id(1));
    const auto lines = shown<SummaryView>(sent);
    ASSERT_EQ(lines.size(), 1u);
    EXPECT_EQ(lines[0].conversation, Script::talk_id(7));
    EXPECT_TRUE(shown<SummaryView>(script.wait(1min)).empty()) << "clients count the time";
    const Effects again = script.connect(Script::agent(1), 2);
    EXPECT_EQ(std::get<WelcomeView>(again.reply).conversations.size(), 50u) << "his own";
}

TEST(Close, TellsBothSidesAndEndsTheConversation) {
    Script script = talking();
    const Effects closed = script.close(Script::visitor(1), 1);
    const auto summaries = shown<SummaryView>(closed);
    ASSERT_EQ(summaries.size(), 1u);
    EXPECT_EQ(summaries[0].state, ConversationState::closed);
    EXPECT_EQ(summaries[0].timeline.awaiting, Awaiting::nobody);
    EXPECT_EQ(script.engine.memory().conversations.all().size(), 0u);
    EXPECT_EQ(shown<PresenceView>(closed).at(0).slots_used, 0);
}

TEST(Progress, K9_IsSavedLaterOnceAndNeverGoesBack) {
    Script script = talking();
    for (const Seq seq : {1, 2, 1})
        script.apply({Script::agent(1), ReportProgress{Script::talk_id(1), seq, seq}});
    EXPECT_EQ(summary(script).unread.size(), 1u) << "nothing is shown before it is stored";
    const Effects saved = script.wait(progress_delay);
    ASSERT_EQ(stored<PointerRecord>(saved).size(), 1u);
    EXPECT_EQ(stored<PointerRecord>(saved)[0].pointer.seen, 2);
    EXPECT_EQ(saved.positions, 0);
    EXPECT_TRUE(summary(script).unread.empty());
    EXPECT_TRUE(script.engine.memory().progress.empty());

    const Effects beyond =
        script.apply({Script::agent(1), ReportProgress{Script::talk_id(1), 99, 0}});
    EXPECT_EQ(refusal(beyond), Refusal::invalid);
}

PersonView hello(Script& script, std::int64_t session, const std::string& name) {
    const Connect connect{{Script::talk_id(session), 1}, SiteId{1}, name};
    const Effects effects = script.apply({Script::visitor(1), connect});
    return std::get<WelcomeView>(effects.reply).self;
}

// A page that learns the name later says hello anew: the server may hear of that before it hears
// that the first connection is gone, or of both in one batch.
TEST(Name, OfAVisitorIsWhatHeSaysLastUntilHeIsStored) {
    for (const bool leaves_first : {true, false}) {
        Script script = Script::with({{1, 1}});
        const auto leave = [&] {
            script.apply({Script::visitor(1), Disconnect{{Script::talk_id(1), 1}}});
        };
        EXPECT_EQ(hello(script, 1, "").name, "Visitor");
        if (leaves_first) leave();
        EXPECT_EQ(hello(script, 2, "Vera").name, "Vera");
        if (!leaves_first) leave();
        script.engine.trim();
        EXPECT_EQ(hello(script, 3, "").name, "Vera") << "who says none keeps his";
        EXPECT_EQ(stored<VisitorRecord>(script.start(1, 1)).at(0).name, "Vera");
        EXPECT_EQ(hello(script, 4, "Eve").name, "Vera") << "he is stored by that name";
    }
}

TEST(Progress, IsSavedInItsTurnAndBringsNoAlarmForward) {
    Script script = talking();
    script.apply({Script::agent(1), ReportProgress{Script::talk_id(1), 1, 1}});
    script.engine.forget_alarms();
    const Time later = script.now + std::chrono::seconds(5);
    script.engine.memory().alarms.set({AlarmKind::wrap_up, 0, {}}, later);
    const Effects first = script.engine.tick(later);
    EXPECT_EQ(stored<PointerRecord>(first).size(), 1u);
    EXPECT_EQ(script.engine.next_tick(), later);
}

TEST(Typing, K9_IsShownToTheOtherSideAndStoredNowhere) {
    Script script = talking();
    const Effects typing = script.apply({Script::visitor(1), ShowTyping{Script::talk_id(1)}});
    EXPECT_TRUE(typing.records.empty());
    ASSERT_EQ(typing.publications.size(), 1u);
    EXPECT_EQ(typing.publications[0].to[0], Script::agent_public_id(1));
}

// As talking(), of a tenant that shows drafts or does not.
Script talking_with_drafts(bool allowed) {
    Script script = talking();
    TenantSettings settings;
    settings.draft_preview = allowed;
    script.apply({Script::admin(), ConfigureTenant{settings}});
    return script;
}

const ShowTyping draft{Script::talk_id(1), "I would li"};

TEST(Draft, K9_IsShownToTheAgentAloneAndStoredNowhere) {
    Script script = talking_with_drafts(true);
    const Effects typing = script.apply({Script::visitor(1), draft});
    EXPECT_TRUE(typing.records.empty());
    ASSERT_EQ(typing.publications.size(), 1u);
    EXPECT_THAT(typing.publications[0].to, testing::ElementsAre(Script::agent_public_id(1)));
    EXPECT_EQ(typing.publications[0].watchers, Watchers::none);
    EXPECT_EQ(shown<TypingView>(typing).at(0).draft, draft.draft);
}

TEST(Draft, K9_IsLeftOutUnlessTheTenantAllowsIt) {
    EXPECT_FALSE(TenantSettings().draft_preview) << "who says nothing does not allow it";
    Script script = talking_with_drafts(true);
    script.apply({Script::admin(), ConfigureTenant{TenantSettings()}});
    const Effects typing = script.apply({Script::visitor(1), draft});
    EXPECT_FALSE(refusal(typing));
    ASSERT_EQ(shown<TypingView>(typing).size(), 1u) << "that he types is shown all the same";
    EXPECT_EQ(shown<TypingView>(typing)[0].draft, "");
}

TEST(Draft, K9_OfAnAgentIsRefusedAndShownToNobody) {
    Script script = talking_with_drafts(true);
    const Effects typing = script.apply({Script::agent(1), draft});
    EXPECT_EQ(refusal(typing), Refusal::invalid);
    EXPECT_EQ(std::get<Refused>(typing.reply).field, "draft");
    EXPECT_TRUE(typing.publications.empty());
}

TEST(Draft, K9_OfAVisitorWhoWaitsIsShownToNobody) {
    TenantState state = Script::state({{1, 1}});
    state.settings.draft_preview = true;
    Script script(state);
    script.connect(Script::visitor(1));
    script.start(1, 1);
    EXPECT_TRUE(script.apply({Script::visitor(1), draft}).publications.empty());
}

TEST(Draft, K9_AVisitorIsToldWhetherItWouldBeShown) {
    for (const bool allowed : {true, false}) {
        Script script = talking_with_drafts(allowed);
        const Effects visitors = script.connect(Script::visitor(1), 2);
        EXPECT_EQ(std::get<WelcomeView>(visitors.reply).draft_preview, allowed);
    }
}

TEST(Draft, CountsTowardsTheBoundOfAMailbox) {
    const Command without{Script::visitor(1), ShowTyping{Script::talk_id(1)}};
    const Command with{Script::visitor(1), draft};
    EXPECT_EQ(size_of(with), size_of(without) + draft.draft.size());
}

TEST(SentWindow, ForgetsTheLowestIdsBetweenBatchesAndAsksForThem) {
    Script script = talking();
    const auto early = script.message_id(1);
    script.send(Script::visitor(1), 1, early);
    for (std::size_t i = 0; i < sent_window_max; ++i)
        script.send(Script::visitor(1), 1, script.message_id(static_cast<std::int64_t>(i) + 2));
    const Command again{Script::visitor(1),
                        SendMessage{Script::talk_id(1), early, EntryKind::text, "text"}};
    EXPECT_TRUE(script.engine.missing(again, {}).empty());
    script.engine.trim();
    const LookUp wanted = script.engine.missing(again, {});
    EXPECT_EQ(wanted.messages, std::vector<ClientMessageId>{early});
    Facts facts;
    facts.asked = wanted;
    EXPECT_TRUE(script.engine.missing(again, facts).empty());
}

}  // namespace
}  // namespace switchboard
