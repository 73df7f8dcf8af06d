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

TEST(Feed, K9_OnlyTheNewestSummaryAndPresenceAndPointerWait) {
    FeedFixture agent(sample_agent, Visibility::agents);
    for (int i = 0; i < 500; ++i) {
        agent.show(publication(summary_view()));
        agent.show(publication(presence_view()));
        agent.show(publication(pointer_view()));
    }
    EXPECT_THAT(agent.sent(), ElementsAre("summary", "presence 104", "pointer"));
}

TEST(Feed, OnlyTheNewestPlaceAndAvailabilityWait) {
    FeedFixture visitor(sample_visitor, Visibility::all);
    for (int position = 9; position > 0; --position) {
        auto view = place_view();
        view.position = position;
        visitor.show(publication(view));
        visitor.show(publication(availability_view()));
    }
    EXPECT_THAT(visitor.sent(), ElementsAre("queuePlace 1", "availability"));
}

TEST(Feed, AvailabilityAtAnotherSiteIsNothingToAVisitor) {
    FeedFixture visitor(sample_visitor, Visibility::all);
    auto view = availability_view();
    view.site = SiteId{6};
    visitor.show(publication(view));
    EXPECT_THAT(visitor.sent(), IsEmpty());
}

TEST(Feed, K4_K9_TypingIsShownWhereTheConversationIs) {
    FeedFixture agent(sample_agent, Visibility::agents);
    const TypingView typing{sample_conversation, visitor_view()};
    agent.show(publication(typing));
    EXPECT_THAT(agent.sent(), ElementsAre("typing")) << "it never said what it shows";
    agent.feed.set_view({});
    agent.show(publication(typing));
    EXPECT_THAT(agent.sent(), IsEmpty());
    agent.feed.set_view({{sample_visitor, sample_conversation}, {}});
    agent.show(publication(typing));
    agent.show(publication(text_view(5)));
    EXPECT_THAT(agent.sent(), ElementsAre("typing", "entry 5"));
}

TEST(Feed, K4_K9_PointersWaitUntilTheirConversationIsOnTheScreen) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.feed.set_view({{sample_visitor}, {}});
    auto visitors = pointer_view();
    visitors.person = visitor_view();
    for (int i = 0; i < 3; ++i) {
        agent.show(publication(pointer_view()));
        agent.show(publication(visitors));
    }
    EXPECT_THAT(agent.sent(), IsEmpty());
    agent.feed.set_view({{sample_conversation}, {}});
    EXPECT_THAT(agent.sent(), ElementsAre("pointer", "pointer")) << "one of each person";
    agent.show(publication(visitors));
    EXPECT_THAT(agent.sent(), ElementsAre("pointer"));
    agent.feed.set_view({{sample_conversation}, {}});
    EXPECT_THAT(agent.sent(), IsEmpty()) << "it was shown";
}

TEST(Feed, MorePointersThanItKeepsAreShownAtOnce) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.feed.set_view({});
    auto view = pointer_view();
    for (int i = 0; i < 257; ++i) {
        view.conversation.bytes[0] = static_cast<std::uint8_t>(i);
        view.conversation.bytes[1] = static_cast<std::uint8_t>(i >> 8);
        agent.show(publication(view));
    }
    EXPECT_THAT(agent.sent(), ElementsAre("pointer"));
}

Publication colour(Pos version) {
    auto view = presence_view();
    view.version = version;
    auto made = publication(view);
    made.to.clear();
    made.watchers = Watchers::presence;
    return made;
}

Publication waiting_at(SiteId site) {
    auto made = publication(live_view().queue.front());
    made.to.clear();
    made.watchers = Watchers::queue;
    made.site = site;
    return made;
}

TEST(Feed, WatchesWhatItAskedFor) {
    FeedFixture manager(sample_agent, Visibility::agents);
    EXPECT_FALSE(manager.feed.watches(colour(1)));
    manager.feed.ask_to_watch(3, {true, false});
    EXPECT_TRUE(manager.feed.watches(colour(1)));
    EXPECT_FALSE(manager.feed.watches(waiting_at(sample_site)));
    manager.feed.ask_to_watch(4, {false, true});
    EXPECT_FALSE(manager.feed.watches(colour(1)));
    EXPECT_TRUE(manager.feed.watches(waiting_at(SiteId{6}))) << "which sites is not known yet";
    const std::vector<SiteId> sites{SiteId{4}, sample_site};
    manager.feed.answer_watch(4, &sites);
    EXPECT_TRUE(manager.feed.watches(waiting_at(sample_site)));
    EXPECT_FALSE(manager.feed.watches(waiting_at(SiteId{6})));
}

TEST(Feed, WhatHappensWhileAWatchIsAnsweredIsToldAfterIt) {
    FeedFixture manager(sample_agent, Visibility::agents);
    manager.feed.ask_to_watch(3, {true, true});
    manager.show(colour(1));
    manager.show(waiting_at(SiteId{6}));
    manager.show(waiting_at(sample_site));
    manager.show(publication(text_view(5)));
    EXPECT_THAT(manager.sent(), ElementsAre("entry 5")) << "what it does not cover does not wait";
    const std::vector<SiteId> sites{sample_site};
    manager.feed.answer_watch(3, &sites);
    EXPECT_THAT(manager.sent(), ElementsAre("presence 1", "summary")) << "not the other site's";
    manager.show(colour(2));
    EXPECT_THAT(manager.sent(), ElementsAre("presence 2"));
}

TEST(Feed, OnlyTheAnswerToTheLastWatchCounts) {
    FeedFixture manager(sample_agent, Visibility::agents);
    manager.feed.ask_to_watch(3, {true, true});
    manager.feed.ask_to_watch(4, {true, false});
    const std::vector<SiteId> sites{sample_site};
    manager.feed.answer_watch(3, &sites);
    manager.show(colour(1));
    EXPECT_THAT(manager.sent(), IsEmpty());
    manager.feed.answer_watch(4, &sites);
    EXPECT_THAT(manager.sent(), ElementsAre("presence 1"));
    EXPECT_FALSE(manager.feed.watches(waiting_at(sample_site)));
}

TEST(Feed, ARefusedWatchWatchesNothingAndKeepsNothingFromItsPerson) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.feed.ask_to_watch(3, {true, true});
    auto own = colour(1);
    own.to = {sample_agent};
    agent.show(own);
    agent.show(colour(2));
    EXPECT_THAT(agent.sent(), IsEmpty());
    agent.feed.answer_watch(3, nullptr);
    EXPECT_THAT(agent.sent(), ElementsAre("presence 1"));
    EXPECT_FALSE(agent.feed.watches(colour(3)));
}

TEST(Feed, TooMuchThatWaitsForAWatchClosesItAsTooSlow) {
    GatewaySettings settings;
    settings.held_back_max = 3;
    FeedFixture manager(sample_agent, Visibility::agents, settings);
    manager.feed.ask_to_watch(3, {true, false});
    for (const Pos version : {1, 2, 3})
        manager.show(colour(version));
    EXPECT_FALSE(manager.feed.closed());
    manager.show(colour(4));
    EXPECT_EQ(manager.feed.closed(), CloseCode::too_slow);
}

TEST(Feed, WhatBelongsTogetherIsPushedWholeOrNotAtAll) {
    GatewaySettings settings;
    settings.outbox.frames_max = 2;
    FeedFixture manager(sample_agent, Visibility::agents, settings);
    const std::vector<Frame> parts{encode_resync(Encoding::json), encode_resync(Encoding::json)};
    EXPECT_TRUE(manager.feed.push_all(parts));
    EXPECT_FALSE(manager.feed.push_all(parts));
    EXPECT_FALSE(manager.feed.closed());
    EXPECT_THAT(manager.sent(), ElementsAre("resync", "resync"));
}

TEST(Feed, ALogoutClosesItForGood) {
    FeedFixture agent(sample_agent, Visibility::agents);
    EXPECT_FALSE(agent.feed.is_logged_out());
    agent.feed.log_out();
    EXPECT_TRUE(agent.feed.is_logged_out());
    EXPECT_EQ(agent.feed.closed(), CloseCode::bad_token);
}

TEST(Feed, S5_HeartbeatsTellOfTheOwnOpenConversations) {
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
    while (agent.feed.release_next()) {
    }
    EXPECT_THAT(agent.sent(), ElementsAre("entry 7"));
    agent.show(text(8));
    EXPECT_THAT(agent.sent(), ElementsAre("entry 8"));
}

TEST(Feed, P9_ASummaryHeldBackThatIsOlderThanWhatWasSentIsLeftOut) {
    FeedFixture agent(sample_agent, Visibility::agents);
    agent.feed.hold_back();
    auto lost = summary_view();  // it went to the queue, and came back to him before the welcome
    lost.agent = {};
    lost.state = ConversationState::queued;
    lost.timeline.last_seq = 4;
    agent.show(publication(lost));
    agent.show(text(5));
    agent.feed.start_at({sample_conversation, 4});
    agent.feed.push_entry(text_view(5));
    while (agent.feed.release_next()) {
    }
    EXPECT_THAT(agent.sent(), ElementsAre("entry 5"));
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
