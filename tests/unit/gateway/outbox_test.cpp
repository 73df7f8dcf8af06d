#include "gateway/outbox.hpp"

#include <gmock/gmock.h>

#include "gateway/send_window.hpp"

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const LatestKey summary{LatestKey::Kind::summary, {}, {}, {}};
const LatestKey heartbeat{LatestKey::Kind::heartbeat, {}, {}, {}};

Frame frame(const std::string& bytes) { return std::make_shared<const std::string>(bytes); }

std::vector<std::string> taken(Outbox& outbox) {
    std::vector<Frame> frames;
    outbox.take(frames);
    std::vector<std::string> texts;
    for (const auto& each : frames)
        texts.push_back(*each);
    return texts;
}

struct OutboxTest : testing::Test {
    Outbox::Limits limits{.frames_max = 4, .bytes_behind = 20, .bytes_max = 40};
    Outbox outbox{limits};
};

TEST_F(OutboxTest, GivesEverythingThatWaitsInOrder) {
    outbox.push(frame("a"));
    outbox.push_latest(summary, frame("b"));
    outbox.push_lossy(frame("c"));
    EXPECT_EQ(outbox.bytes(), 3U);
    EXPECT_THAT(taken(outbox), ElementsAre("a", "b", "c"));
    EXPECT_THAT(taken(outbox), IsEmpty());
    EXPECT_EQ(outbox.bytes(), 0U);
}

TEST_F(OutboxTest, ANewerValueReplacesTheWaitingOneOfItsKey) {
    outbox.push_latest(summary, frame("old"));
    outbox.push(frame("entry"));
    outbox.push_latest(heartbeat, frame("beat"));
    outbox.push_latest(summary, frame("new"));
    EXPECT_EQ(outbox.bytes(), 12U);
    EXPECT_THAT(taken(outbox), ElementsAre("entry", "beat", "new"));
}

TEST_F(OutboxTest, ValuesOfDifferentKeysStayApart) {
    const PublicId one{{1}};
    const PublicId two{{2}};
    using Kind = LatestKey::Kind;
    outbox.push_latest({Kind::presence, Channel::chat, one, {}}, frame("1"));
    outbox.push_latest({Kind::presence, Channel::call, one, {}}, frame("2"));
    outbox.push_latest({Kind::pointer, Channel::chat, one, one}, frame("3"));
    outbox.push_latest({Kind::pointer, Channel::chat, one, two}, frame("4"));
    EXPECT_THAT(taken(outbox), ElementsAre("1", "2", "3", "4"));
}

TEST_F(OutboxTest, K9_LossyFramesAreDroppedWhenItIsBehind) {
    outbox.push(frame(std::string(20, 'x')));
    EXPECT_TRUE(outbox.is_behind());
    outbox.push_lossy(frame("typing"));
    EXPECT_EQ(taken(outbox).size(), 1U);
}

TEST_F(OutboxTest, LossyFramesGoFirstWhenTheresNoRoom) {
    outbox.push_lossy(frame("typing"));
    for (const auto* each : {"a", "b", "c", "d"})
        outbox.push(frame(each));
    EXPECT_FALSE(outbox.closed());
    EXPECT_THAT(taken(outbox), ElementsAre("a", "b", "c", "d"));
}

TEST_F(OutboxTest, TooManyFramesCloseItAsTooSlow) {
    for (int i = 0; i < 5; ++i)
        outbox.push(frame("x"));
    EXPECT_EQ(outbox.closed(), CloseCode::too_slow);
    EXPECT_THAT(taken(outbox), IsEmpty()) << "what waited is dropped";
    EXPECT_EQ(outbox.bytes(), 0U);
}

TEST_F(OutboxTest, TooManyBytesCloseItAsTooSlow) {
    outbox.push(frame(std::string(40, 'x')));
    EXPECT_FALSE(outbox.closed());
    outbox.push(frame("x"));
    EXPECT_EQ(outbox.closed(), CloseCode::too_slow);
}

TEST_F(OutboxTest, ReplacingNeedsNoMoreRoom) {
    for (const auto* each : {"a", "b", "c"})
        outbox.push(frame(each));
    for (int i = 0; i < 100; ++i)
        outbox.push_latest(summary, frame("s"));
    EXPECT_FALSE(outbox.closed());
    EXPECT_EQ(taken(outbox).size(), 4U);
}

TEST_F(OutboxTest, AfterACloseWhatWaitsIsStillSentAndNothingElse) {
    outbox.push(frame("last words"));
    outbox.close(CloseCode::bad_frame);
    outbox.close(CloseCode::normal);
    outbox.push(frame("too late"));
    EXPECT_EQ(outbox.closed(), CloseCode::bad_frame);
    EXPECT_THAT(taken(outbox), ElementsAre("last words"));
}

TEST(Outbox, AMessageHoldsAsMuchAsFits) {
    const Outbox::Limits limits;
    Outbox outbox(limits);
    const auto half = frame(std::string(message_bytes_max / 2, 'x'));
    for (int i = 0; i < 3; ++i)
        outbox.push(half);
    EXPECT_EQ(taken(outbox).size(), 1U) << "two and what encloses them are too much";
    EXPECT_EQ(taken(outbox).size(), 1U);
    EXPECT_EQ(outbox.bytes(), half->size());
}

TEST(Outbox, OneFrameIsSentHoweverBig) {
    const Outbox::Limits limits;
    Outbox outbox(limits);
    for (const auto size : {message_bytes_max * 2, limits.bytes_max + 1}) {
        outbox.push(frame(std::string(size, 'x')));
        EXPECT_EQ(taken(outbox).size(), 1U);
    }
    outbox.push(frame("x"));
    outbox.push(frame(std::string(limits.bytes_max, 'x')));
    EXPECT_EQ(outbox.closed(), CloseCode::too_slow) << "where nothing else waits";
}

TEST(Outbox, SaysWhenOneThatCanWaitShouldWait) {
    const Outbox::Limits limits{.frames_max = 8, .bytes_behind = 100, .bytes_max = 200};
    Outbox outbox(limits);
    outbox.push(frame("x"));
    outbox.push(frame("x"));
    EXPECT_TRUE(outbox.has_room());
    outbox.push(frame("x"));
    EXPECT_FALSE(outbox.has_room());
    taken(outbox);
    outbox.push(frame(std::string(100, 'x')));
    EXPECT_FALSE(outbox.has_room());
}

TEST_F(OutboxTest, SaysWhatFits) {
    EXPECT_TRUE(outbox.fits(4, 40));
    EXPECT_FALSE(outbox.fits(5, 40));
    EXPECT_FALSE(outbox.fits(4, 41));
    outbox.push(frame("x"));
    EXPECT_TRUE(outbox.fits(3, 39));
    EXPECT_FALSE(outbox.fits(4, 39));
    EXPECT_FALSE(outbox.fits(3, 40));
}

using Kind = SendWindow::Kind;

TEST(SendWindow, HoldsEightUnanswered) {
    SendWindow window;
    for (std::uint32_t id = 1; id <= 8; ++id)
        EXPECT_TRUE(window.take(id, Kind::quiet));
    EXPECT_FALSE(window.take(9, Kind::answered));
    EXPECT_TRUE(window.give_back(3));
    EXPECT_TRUE(window.take(9, Kind::answered));
    EXPECT_FALSE(window.take(10, Kind::answered));
}

TEST(SendWindow, HasRoomForConfirmationsWhenItIsFull) {
    SendWindow window;
    std::uint32_t id = 0;
    while (window.take(++id, Kind::answered)) {
    }
    for (const std::uint32_t end = id + 24; id < end; ++id)
        EXPECT_TRUE(window.take(id, Kind::confirmation));
    EXPECT_FALSE(window.take(id, Kind::confirmation));
    EXPECT_FALSE(window.give_back(id - 1));
    EXPECT_FALSE(window.take(id, Kind::answered));
    EXPECT_TRUE(window.take(id, Kind::confirmation));
}

TEST(SendWindow, KnowsWhichHaveNoReplyWhenAllGoesWell) {
    SendWindow window;
    window.take(1, Kind::quiet);
    window.take(2, Kind::answered);
    EXPECT_FALSE(window.give_back(2));
    EXPECT_TRUE(window.give_back(1));
    window.take(3, Kind::answered);
    EXPECT_FALSE(window.give_back(3)) << "of one that is answered nothing is left";
}

}  // namespace
}  // namespace switchboard
