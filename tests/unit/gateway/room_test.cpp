#include "gateway/room.hpp"

#include <gmock/gmock.h>

#include "gateway/fan_out.hpp"
#include "unit/gateway/feed_fixture.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;

const Time opening{1h};

std::shared_ptr<CarriedOut> carried_out(std::vector<Publication> publications) {
    auto made = std::make_shared<CarriedOut>();
    made->tenant = TenantId{1};
    made->publications = std::move(publications);
    return made;
}

Publication to(std::initializer_list<PublicId> people, Seq seq) {
    auto made = publication(text_view(seq));
    made.to.assign(people.begin(), people.end());
    return made;
}

struct RoomTest : testing::Test {
    FeedFixture visitor{sample_visitor, Visibility::all};
    FeedFixture agent{sample_agent, Visibility::agents};
    FeedFixture agents_other_tab{sample_agent, Visibility::agents};
};

TEST_F(RoomTest, APublicationGoesToEveryConnectionOfItsPeople) {
    Rooms rooms;
    for (auto* each : {&visitor, &agent, &agents_other_tab})
        rooms.join(each->feed);
    rooms.show(carried_out({to({sample_agent}, 1), to({sample_visitor, sample_agent}, 2)}));
    EXPECT_THAT(visitor.sent(), ElementsAre("entry 2"));
    EXPECT_THAT(agent.sent(), ElementsAre("entry 1", "entry 2"));
    EXPECT_THAT(agents_other_tab.sent(), ElementsAre("entry 1", "entry 2"));
    for (auto* each : {&visitor, &agent, &agents_other_tab})
        rooms.leave(each->feed, opening);
}

Publication colour_of(const PublicId& agent_id, Pos version) {
    auto view = presence_view();
    view.agent = agent_id;
    view.version = version;
    auto made = publication(view);
    made.to = {agent_id};
    made.watchers = Watchers::presence;
    return made;
}

// A feed that has asked to watch and was answered.
void watch(Rooms& rooms, FeedFixture& who, const ShowLive& what, std::vector<SiteId> sites = {}) {
    who.feed.ask_to_watch(2, what);
    rooms.watch(who.feed);
    who.feed.answer_watch(2, &sites);
}

TEST_F(RoomTest, WhoWatchesNothingIsShownHisOwnColourAlone) {
    Rooms rooms;
    for (auto* each : {&agent, &agents_other_tab})
        rooms.join(each->feed);
    watch(rooms, agents_other_tab, {true, false});
    rooms.show(carried_out({colour_of(sample_visitor, 1), colour_of(sample_agent, 2)}));
    EXPECT_THAT(agent.sent(), ElementsAre("presence 2"));
    EXPECT_THAT(agents_other_tab.sent(), ElementsAre("presence 1", "presence 2"));
    watch(rooms, agents_other_tab, {});
    rooms.show(carried_out({colour_of(sample_visitor, 3)}));
    EXPECT_THAT(agents_other_tab.sent(), IsEmpty()) << "an empty watch ends it";
    for (auto* each : {&agent, &agents_other_tab})
        rooms.leave(each->feed, opening);
}

TEST_F(RoomTest, WhatIsBothForSomebodyAndWatchedByHimComesOnce) {
    Rooms rooms;
    rooms.join(agent.feed);
    watch(rooms, agent, {true, true}, {sample_site});
    watch(rooms, agent, {true, true}, {sample_site});
    auto waiting = publication(text_view(1));  // which is not of the class that replaces itself
    waiting.to = {sample_agent};
    waiting.watchers = Watchers::queue;
    waiting.site = sample_site;
    rooms.show(carried_out({waiting}));
    EXPECT_EQ(agent.sent().size(), 1U);
    rooms.leave(agent.feed, opening);
    rooms.show(carried_out({waiting}));
    EXPECT_THAT(agent.sent(), IsEmpty()) << "it left";
}

TEST_F(RoomTest, TheQueueOfASiteIsShownToThoseWhoServeIt) {
    Rooms rooms;
    rooms.join(agent.feed);
    watch(rooms, agent, {false, true}, {sample_site});
    auto waiting = publication(live_view().queue.front());
    waiting.to = {sample_visitor};
    waiting.watchers = Watchers::queue;
    waiting.site = SiteId{6};
    rooms.show(carried_out({waiting}));
    EXPECT_THAT(agent.sent(), IsEmpty());
    waiting.site = sample_site;
    rooms.show(carried_out({waiting}));
    EXPECT_THAT(agent.sent(), ElementsAre("summary"));
    rooms.leave(agent.feed, opening);
}

TEST_F(RoomTest, AvailabilityGoesToTheVisitorsOfTheSiteButForThoseItNames) {
    const auto blocked_id = bits<PublicId>("0190c2f4-0000-4000-8000-000000000003");
    FeedFixture blocked{blocked_id, Visibility::all};
    Rooms rooms;
    for (auto* each : {&visitor, &blocked, &agent})
        rooms.join(each->feed);
    auto made = publication(availability_view());
    made.to = {blocked_id};
    made.watchers = Watchers::visitors;
    made.site = sample_site;
    rooms.show(carried_out({made}));
    EXPECT_THAT(visitor.sent(), ElementsAre("availability"));
    EXPECT_THAT(blocked.sent(), IsEmpty());
    EXPECT_THAT(agent.sent(), IsEmpty());
    made.site = SiteId{6};
    rooms.show(carried_out({made}));
    EXPECT_THAT(visitor.sent(), IsEmpty()) << "another site";
    for (auto* each : {&visitor, &blocked, &agent})
        rooms.leave(each->feed, opening);
}

TEST_F(RoomTest, ALogoutClosesTheTabsOfThatLoginAlone) {
    FeedFixture by_another_login{sample_agent, Visibility::agents};
    Belonging belonging;
    belonging.principal = by_another_login.feed.principal();
    by_another_login.feed.belong_to(belonging);
    boost::asio::io_context context;
    FanOut audience({&context});
    for (auto* each : {&visitor, &agent, &agents_other_tab, &by_another_login})
        audience.join(0, each->feed);
    audience.log_out(TenantId{1}, sample_agent, sample_login);
    EXPECT_FALSE(agent.feed.closed()) << "it is posted, never called";
    context.run();
    EXPECT_EQ(agent.feed.closed(), CloseCode::bad_token);
    EXPECT_TRUE(agents_other_tab.feed.is_logged_out());
    EXPECT_FALSE(by_another_login.feed.closed());
    EXPECT_FALSE(visitor.feed.closed());
    audience.log_out(TenantId{1}, sample_agent);
    context.restart();
    context.run();
    EXPECT_EQ(by_another_login.feed.closed(), CloseCode::bad_token) << "all of his logins ended";
    EXPECT_FALSE(visitor.feed.closed());
    for (auto* each : {&visitor, &agent, &agents_other_tab, &by_another_login})
        audience.leave(0, each->feed, opening);
}

TEST_F(RoomTest, AnotherTenantsPublicationsGoToNobodyHere) {
    Rooms rooms;
    rooms.join(visitor.feed);
    auto others = carried_out({to({sample_visitor}, 1)});
    others->tenant = TenantId{2};
    rooms.show(others);
    EXPECT_THAT(visitor.sent(), IsEmpty());
    rooms.leave(visitor.feed, opening);
}

TEST_F(RoomTest, WhoLeftIsNotShownAnything) {
    Rooms rooms;
    rooms.join(agent.feed);
    rooms.join(agents_other_tab.feed);
    rooms.leave(agent.feed, opening);
    rooms.show(carried_out({to({sample_agent}, 1)}));
    EXPECT_THAT(agent.sent(), IsEmpty());
    EXPECT_THAT(agents_other_tab.sent(), ElementsAre("entry 1"));
    rooms.leave(agents_other_tab.feed, opening);
    EXPECT_EQ(rooms.connections_of(TenantId{1}), 0U);
}

TEST_F(RoomTest, WhoIsNotShownSomethingStoredIsSentAwayToComeBack) {
    Rooms rooms;
    rooms.join(visitor.feed);
    rooms.join(agent.feed);
    auto missed = carried_out({});
    missed->has_gap = true;
    rooms.show(missed);
    EXPECT_EQ(visitor.feed.closed(), CloseCode::too_busy);
    EXPECT_EQ(agent.feed.closed(), CloseCode::too_busy);
    rooms.leave(visitor.feed, opening);
    rooms.leave(agent.feed, opening);
}

TEST_F(RoomTest, S5_AResumedSessionReplacesItsOldConnectionOnly) {
    Rooms rooms;
    rooms.join(agent.feed);
    rooms.replace(TenantId{1}, sample_agent, agent.feed.connection());
    EXPECT_FALSE(agent.feed.closed()) << "it is itself";
    rooms.replace(TenantId{1}, sample_agent, {sample_visitor, 9});
    EXPECT_FALSE(agent.feed.closed()) << "another session";
    rooms.replace(TenantId{1}, sample_visitor, {agent.feed.connection().session, 9});
    EXPECT_FALSE(agent.feed.closed()) << "another person who knows the session's id";
    rooms.replace(TenantId{1}, sample_agent, {agent.feed.connection().session, 9});
    EXPECT_EQ(agent.feed.closed(), CloseCode::replaced);
    rooms.leave(agent.feed, opening);
}

TEST_F(RoomTest, AnAllowanceOutlivesAReconnect) {
    RateSettings rates;
    rates.messages = {10s, 1};
    Rooms rooms;
    EXPECT_TRUE(rooms.join(visitor.feed).allowance.take_message(rates, opening).is_allowed());
    rooms.leave(visitor.feed, opening);
    EXPECT_FALSE(rooms.join(visitor.feed).allowance.take_message(rates, opening).is_allowed());
    rooms.leave(visitor.feed, opening);
    rooms.sweep(opening + 2min);
    EXPECT_TRUE(rooms.join(visitor.feed).allowance.take_message(rates, opening).is_allowed());
    rooms.leave(visitor.feed, opening);
}

struct Listener : ReplyReceiver {
    explicit Listener(std::vector<std::string>& log, std::size_t index) : heard(log) {
        thread = index;
    }
    void receive(std::uint32_t id, Reply) override {
        heard.push_back("reply " + std::to_string(id));
    }

    std::vector<std::string>& heard;
};

TEST_F(RoomTest, APublicationWaitsInTheOutboxBeforeItsSenderIsAnswered) {
    boost::asio::io_context context;
    FanOut audience({&context});
    audience.join(0, visitor.feed);
    std::vector<std::string> heard;

    struct Sender final : Listener {
        using Listener::Listener;
        void receive(std::uint32_t id, Reply reply) override {
            for (auto& word : fixture->sent())
                heard.push_back(word);
            Listener::receive(id, std::move(reply));
        }
        FeedFixture* fixture = nullptr;
    };
    const auto sender = std::make_shared<Sender>(heard, 0U);
    sender->fixture = &visitor;
    auto made = carried_out({to({sample_visitor}, 1)});
    made->answers.push_back({sender, 7, Done{}});
    audience.show(made);
    EXPECT_THAT(heard, IsEmpty()) << "it is posted, never called";
    context.run();
    EXPECT_THAT(heard, ElementsAre("entry 1", "reply 7"));
    audience.leave(0, visitor.feed, opening);
}

TEST_F(RoomTest, OnlyThreadsWithConnectionsOfTheTenantAreWoken) {
    boost::asio::io_context first;
    boost::asio::io_context second;
    FanOut audience({&first, &second});
    audience.join(1, visitor.feed);
    audience.show(carried_out({to({sample_visitor}, 1)}));
    EXPECT_EQ(first.run(), 0U);
    EXPECT_EQ(second.run(), 1U);
    EXPECT_THAT(visitor.sent(), ElementsAre("entry 1"));

    audience.leave(1, visitor.feed, opening);
    audience.show(carried_out({to({sample_visitor}, 2)}));
    second.restart();
    EXPECT_EQ(second.run(), 0U);
}

TEST_F(RoomTest, AnAnswerReachesItsThreadAlsoWithoutConnections) {
    boost::asio::io_context first;
    boost::asio::io_context second;
    FanOut audience({&first, &second});
    std::vector<std::string> heard;
    auto made = carried_out({});
    made->answers.push_back({std::make_shared<Listener>(heard, 1U), 3, Done{}});
    audience.show(made);
    first.run();
    EXPECT_THAT(heard, IsEmpty());
    second.run();
    EXPECT_THAT(heard, ElementsAre("reply 3"));
}

}  // namespace
}  // namespace switchboard
