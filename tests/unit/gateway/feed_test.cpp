#include "gateway/feed.hpp"

#include <gmock/gmock.h>

#include "unit/gateway/feed_fixture.hpp"

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Publication text(Seq seq) { return publication(text_view(seq)); }

TEST(Feed, ShowsWhatComesInOrder) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.show(text(5));
    agent.show(publication(note_view(6)));
    agent.show(publication(summary_view()));
    agent.show(publication(pointer_view()));
    agent.show(publication(TypingView{sample_conversation, visitor_view()}));
    EXPECT_THAT(agent.sent(), ElementsAre("entry 5", "entry 6", "summary", "pointer", "typing"));
}

TEST(Feed, AnEntryIsShownOnce) {
    FeedFixture agent(sample_agent, Visibility::agents);
    for (const Seq seq : {5, 6, 6, 5, 7})
        agent.show(text(seq));
    EXPECT_THAT(agent.sent(), ElementsAre("entry 5", "entry 6", "entry 7"));
}

TEST(Feed, AVisitorSeesNoNotesAndNoPresence) {
    FeedFixture visitor(sample_visitor, Visibility::all);
    visitor.show(publication(note_view(6)));
    visitor.show(publication(presence_view()));
    EXPECT_THAT(visitor.sent(), IsEmpty());
    EXPECT_THAT(visitor.feed.heads(), IsEmpty());
}

TEST(Feed, OnlyTheNewestSummaryAndPresenceAndPointerWait) {
    FeedFixture agent(sample_agent, Visibility::agents);
    for (int i = 0; i < 500; ++i) {
        agent.show(publication(summary_view()));
        agent.show(publication(presence_view()));
        agent.show(publication(pointer_view()));
    }
    EXPECT_THAT(agent.sent(), ElementsAre("summary", "presence", "pointer"));
}

TEST(Feed, HeartbeatsTellOfTheOwnOpenConversations) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.show(text(5));
    EXPECT_THAT(agent.feed.heads(), ElementsAre(Position{sample_conversation, 5}));

    auto view = summary_view();
    view.agent.public_id = sample_visitor;
    agent.show(publication(view));
    EXPECT_THAT(agent.feed.heads(), IsEmpty()) << "another agent has it now";

    agent.show(text(6));
    view = summary_view();
    view.state = ConversationState::closed;
    agent.show(publication(view));
    EXPECT_THAT(agent.feed.heads(), IsEmpty()) << "closed";
}

TEST(Feed, HoldsBackUntilReleasedAndSkipsWhatTheClientHas) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.feed.hold_back();
    for (const Seq seq : {5, 6, 7})
        agent.show(text(seq));
    EXPECT_THAT(agent.sent(), IsEmpty());
    agent.feed.start_at({sample_conversation, 6});
    agent.feed.release();
    EXPECT_THAT(agent.sent(), ElementsAre("entry 7"));
    agent.show(text(8));
    EXPECT_THAT(agent.sent(), ElementsAre("entry 8"));
}

TEST(Feed, TooMuchHeldBackClosesItAsTooSlow) {
    GatewaySettings settings;
    settings.held_back_max = 3;
    FeedFixture agent(sample_agent, Visibility::agents, settings);
    agent.feed.hold_back();
    for (const Seq seq : {1, 2, 3})
        agent.show(text(seq));
    EXPECT_FALSE(agent.feed.closed());
    agent.show(text(4));
    EXPECT_EQ(agent.feed.closed(), CloseCode::too_slow);
}

TEST(Feed, LearnsTheInternalIdOfItsVisitor) {
    FeedFixture visitor(sample_visitor, Visibility::all);
    EXPECT_EQ(visitor.feed.principal().person.id, 0);
    visitor.show(text(1));
    EXPECT_EQ(visitor.feed.principal().person, visitor_view().person);
}

TEST(Feed, WhoWaitsForRoomGoesOnWhenTheWriterHasTakenEnough) {
    GatewaySettings settings;
    settings.outbox.frames_max = 8;
    FeedFixture agent(sample_agent, Visibility::agents, settings);
    for (const Seq seq : {1, 2, 3, 4})
        agent.show(text(seq));
    bool went_on = false;
    boost::asio::co_spawn(agent.context,
                          agent.feed.wait_for_room(),
                          [&](const std::exception_ptr&) { went_on = true; });
    agent.context.poll();
    EXPECT_FALSE(went_on);
    EXPECT_EQ(agent.sent().size(), 4U);
    agent.context.restart();
    agent.context.poll();
    EXPECT_TRUE(went_on);
}

TEST(Feed, WhoWaitsForRoomGoesOnWhenItCloses) {
    GatewaySettings settings;
    settings.outbox.frames_max = 4;
    FeedFixture agent(sample_agent, Visibility::agents, settings);
    agent.show(text(1));
    agent.show(text(2));
    bool went_on = false;
    boost::asio::co_spawn(agent.context,
                          agent.feed.wait_for_room(),
                          [&](const std::exception_ptr&) { went_on = true; });
    agent.context.poll();
    agent.feed.close(CloseCode::normal);
    agent.context.restart();
    agent.context.poll();
    EXPECT_TRUE(went_on);
}

}  // namespace
}  // namespace switchboard
