#include "gateway/catch_up.hpp"

#include <gmock/gmock.h>

#include "support/scripted_store.hpp"
#include "unit/gateway/feed_fixture.hpp"

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// An agent who was away while a conversation of his went on to entry 9.
struct CatchUpTest : testing::Test {
    CatchUpTest() {
        store.conversation.public_id = sample_conversation;
        store.conversation.id = ConversationId{41};
        store.conversation.access = {TenantId{1}, VisitorId{7}, AgentId{3}};
        store.conversation.state = ConversationState::active;
        store.conversation.last_seq = 9;
        for (Seq seq = 1; seq <= 9; ++seq)
            store.entries.push_back(text_view(seq));
        view.lineage = "l1";
        view.self = agent_view();
        view.conversations = {summary_view()};
        view.conversations.front().timeline.last_seq = 8;
        agent.feed.hold_back();
    }

    // Catches up while a writer takes what is sent.
    error_code run(const Resume* resume) { return run(agent, resume); }
    error_code run(FeedFixture& fixture, const Resume* resume) {
        error_code result;
        bool done = false;
        const CatchUp what{fixture.feed, store, settings, view, resume};
        boost::asio::co_spawn(
            fixture.context, catch_up(what), [&](const std::exception_ptr&, error_code ec) {
                result = ec;
                done = true;
            });
        for (int i = 0; i < 100 && !done; ++i) {
            fixture.context.restart();
            fixture.context.poll();
            for (auto& word : fixture.sent())
                sent.push_back(word);
        }
        for (auto& word : fixture.sent())
            sent.push_back(word);
        EXPECT_TRUE(done);
        return result;
    }

    static Resume from(Seq seq, const std::string& lineage = "l1") {
        return {sample_agent, lineage, {{sample_conversation, seq}}};
    }

    GatewaySettings settings = FeedFixture::default_settings();
    ScriptedStore store;
    WelcomeView view;
    FeedFixture agent{sample_agent, Visibility::agents};
    std::vector<std::string> sent;
};

TEST_F(CatchUpTest, TheFirstTimeOnlyWhatIsNewerThanTheWelcomeComes) {
    agent.show(publication(text_view(8)));
    agent.show(publication(text_view(9)));
    EXPECT_FALSE(run(nullptr));
    EXPECT_THAT(sent, ElementsAre("entry 9"));
}

TEST_F(CatchUpTest, AResumeGetsExactlyTheEntriesAfterItsPositionThenWhatWasHeldBack) {
    for (const Seq seq : {8, 9, 10})
        agent.show(publication(text_view(seq)));
    const auto resume = from(6);
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, ElementsAre("entry 7", "entry 8", "entry 9", "entry 10"));
    EXPECT_THAT(agent.feed.heads(), ElementsAre(Position{sample_conversation, 10}));
}

TEST_F(CatchUpTest, WhatIsShownWhilePagesAreReadComesOnceAndInOrder) {
    store.before_read = [&] { agent.show(publication(text_view(10))); };
    const auto resume = from(8);
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, ElementsAre("entry 9", "entry 10"));
}

TEST_F(CatchUpTest, AClientThatHasEverythingGetsNothing) {
    const auto resume = from(9);
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, IsEmpty());
}

TEST_F(CatchUpTest, ALongAbsenceIsReadPageByPageWithinTheOutboxesBounds) {
    store.entries.clear();
    for (Seq seq = 1; seq <= 900; ++seq)
        store.entries.push_back(text_view(seq));
    store.conversation.last_seq = 900;
    const auto resume = from(0);
    EXPECT_FALSE(run(&resume));
    EXPECT_FALSE(agent.feed.closed());
    ASSERT_EQ(sent.size(), 900U);
    EXPECT_EQ(sent.front(), "entry 1");
    EXPECT_EQ(sent.back(), "entry 900");
}

// Sixteen KiB each, sixfold in JSON: a page of them is more than an outbox may hold.
TEST_F(CatchUpTest, TheLongestMessagesAreSentAsTheWriterTakesThem) {
    store.entries.clear();
    for (Seq seq = 1; seq <= 70; ++seq) {
        store.entries.push_back(text_view(seq));
        store.entries.back().entry.body = std::string(16 << 10, '\x01');
    }
    store.conversation.last_seq = 70;
    for (Seq seq = 71; seq <= 90; ++seq) {
        EntryView held_back = text_view(seq);
        held_back.entry.body = std::string(16 << 10, '\x01');
        agent.show(publication(held_back));
    }
    const auto resume = from(0);
    EXPECT_FALSE(run(&resume));
    EXPECT_FALSE(agent.feed.closed());
    ASSERT_EQ(sent.size(), 90U);
    EXPECT_EQ(sent.back(), "entry 90");
}

TEST_F(CatchUpTest, PositionsThatMeanNothingHereAreAnsweredWithResync) {
    for (const auto& resume : {from(6, "another"), from(10)}) {
        sent.clear();
        agent.feed.hold_back();
        EXPECT_FALSE(run(&resume));
        EXPECT_THAT(sent, ElementsAre("resync"));
    }
    store.conversation.last_seq = 2'000;
    sent.clear();
    const auto too_far = from(1);
    EXPECT_FALSE(run(&too_far));
    EXPECT_THAT(sent, ElementsAre("resync")) << "too much was missed";
}

TEST_F(CatchUpTest, AfterAResyncTheWelcomeIsWhereItGoesOn) {
    agent.show(publication(text_view(8)));
    agent.show(publication(text_view(9)));
    const auto resume = from(6, "another");
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, ElementsAre("resync", "entry 9"));
}

TEST_F(CatchUpTest, AConversationThatIsNotHisIsPassedOver) {
    store.conversation.access.agent = AgentId{4};
    view.conversations.clear();
    const auto resume = from(6);
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, IsEmpty());
    store.conversation.access.tenant = TenantId{2};
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, IsEmpty());
}

TEST_F(CatchUpTest, AConversationThatWasClosedMeanwhileIsToldToItsEnd) {
    store.conversation.state = ConversationState::closed;
    view.conversations.clear();
    const auto resume = from(7);
    EXPECT_FALSE(run(&resume));
    EXPECT_THAT(sent, ElementsAre("entry 8", "entry 9"));
    EXPECT_THAT(agent.feed.heads(), IsEmpty());
}

TEST_F(CatchUpTest, AVisitorCatchesUpWithoutNotes) {
    FeedFixture visitor(sample_visitor, Visibility::all);
    visitor.feed.hold_back();
    view.self = visitor_view();
    store.entries[7] = note_view(8);
    const auto resume = from(6);
    EXPECT_FALSE(run(visitor, &resume));
    EXPECT_THAT(sent, ElementsAre("entry 7", "entry 9"));
}

TEST_F(CatchUpTest, AStoreThatCannotBeReadIsAnError) {
    store.is_down = true;
    const auto resume = from(6);
    EXPECT_TRUE(run(&resume));
    EXPECT_THAT(sent, IsEmpty());
}

}  // namespace
}  // namespace switchboard
