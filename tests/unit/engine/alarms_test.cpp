#include "engine/alarms.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <tuple>

#include "engine/conversations/conversations.hpp"

namespace switchboard {
namespace {

Time at(int seconds) { return Time(std::chrono::seconds(seconds)); }

constexpr std::array kinds_of_talk{
    AlarmKind::agent_gone, AlarmKind::confirmation, AlarmKind::wait_limit, AlarmKind::silence};

AlarmKey silence_of(std::int64_t id) { return {AlarmKind::silence, id}; }

class TalkAlarmsTest : public testing::Test {
protected:
    OpenTalk& open(std::int64_t id) {
        OpenTalk talk;
        talk.open.conversation.id = ConversationId{id};
        talk.open.conversation.public_id.bytes[15] = static_cast<std::uint8_t>(id);
        talk.open.conversation.visitor = VisitorId{id};
        return talks_.add(std::move(talk));
    }
    OpenTalk& talk(std::int64_t id) {
        OpenTalk* found = talks_.find(ConversationId{id});
        return found == nullptr ? open(id) : *found;
    }

    Conversations talks_;
};

// The same in a table that is searched from end to end: by time, then conversation, then kind.
struct PlainAlarms {
    using Order = std::tuple<Time, std::int64_t, AlarmKind>;
    std::map<std::pair<std::int64_t, AlarmKind>, Time> times;

    std::optional<Order> first() const {
        std::optional<Order> first;
        for (const auto& [key, time] : times) {
            const Order order{time, key.first, key.second};
            if (!first || order < *first) first = order;
        }
        return first;
    }
    std::optional<DueAlarm> next() const {
        const auto found = first();
        if (!found) return std::nullopt;
        return DueAlarm{std::get<Time>(*found), AlarmKind::agent_gone};
    }
};

TEST_F(TalkAlarmsTest, AreThoseOfAPlainTableWhateverIsSetMovedCancelledAndClosed) {
    std::mt19937 random(7);
    const auto below = [&](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
    PlainAlarms plain;
    std::array<int, kinds_of_talk.size()> taken{};
    for (int step = 0; step < 40'000; ++step) {
        const AlarmKind kind = kinds_of_talk.at(static_cast<std::size_t>(below(4)));
        const std::int64_t id = 1 + below(10);
        switch (below(9)) {
            case 0:
                talks_.remove(ConversationId{id});
                std::erase_if(plain.times, [id](const auto& one) { return one.first.first == id; });
                break;
            case 1:
            case 2:
                talks_.cancel_alarm(talk(id), kind);
                plain.times.erase({id, kind});
                break;
            case 3:
            case 4: {
                const Time now = at(below(100));
                const auto first = plain.first();
                const auto due = talks_.take_due(now);
                ASSERT_EQ(due.has_value(), first && std::get<Time>(*first) <= now) << step;
                if (!due) break;
                ASSERT_EQ(*due, (AlarmKey{std::get<AlarmKind>(*first), std::get<1>(*first)}));
                plain.times.erase({due->id, due->kind});
                ++taken.at(TalkAlarms::place_of(due->kind));
                break;
            }
            default: {
                const Time time = at(below(100));
                talks_.set_alarm(talk(id), kind, time);
                plain.times[{id, kind}] = time;
            }
        }
        ASSERT_LE(talks_.alarms_held(), 2 * talks_.all().size() + 64);
        ASSERT_EQ(talks_.next_alarm(), plain.next()) << step;
        const auto found = plain.times.find({id, kind});
        ASSERT_EQ(talk(id).alarms.find(kind),
                  found == plain.times.end() ? std::nullopt : std::optional(found->second));
    }
    for (const int times : taken)
        EXPECT_GT(times, 500);
}

TEST_F(TalkAlarmsTest, ArePostponedOneByOne) {
    talks_.set_alarm(talk(2), AlarmKind::silence, at(5));
    talks_.set_alarm(talk(2), AlarmKind::confirmation, at(2));
    talks_.set_alarm(talk(3), AlarmKind::confirmation, at(1));
    talks_.postpone_alarms(AlarmKind::confirmation, at(10) - at(0), at(2));
    EXPECT_EQ(talk(2).alarms.find(AlarmKind::confirmation), at(12));
    EXPECT_EQ(talk(3).alarms.find(AlarmKind::confirmation), at(1)) << "it is due before that";
    EXPECT_EQ(talks_.take_due(at(4)), (AlarmKey{AlarmKind::confirmation, 3}));
    EXPECT_EQ(talks_.next_alarm()->first, at(5));
    EXPECT_EQ(talks_.take_due(at(12)), silence_of(2));
    EXPECT_EQ(talks_.take_due(at(12)), (AlarmKey{AlarmKind::confirmation, 2}));
    EXPECT_EQ(talks_.take_due(at(99)), std::nullopt);
}

// A message moves the silence: the heap is not touched for it.
TEST_F(TalkAlarmsTest, MovedToLaterStayWhereTheyStand) {
    talks_.set_alarm(talk(2), AlarmKind::silence, at(1));
    for (int second = 10; second < 1'000; ++second) {
        talks_.set_alarm(talk(1), AlarmKind::silence, at(second));
        ASSERT_EQ(talks_.alarms_held(), 2u);
    }
    EXPECT_EQ(talks_.take_due(at(9)), silence_of(2));
    EXPECT_EQ(talks_.next_alarm()->first, at(999));
}

TEST_F(TalkAlarmsTest, MovedForEverNeedNoMoreRoom) {
    for (int step = 1; step < 10'000; ++step) {
        talks_.set_alarm(talk(step % 3), AlarmKind::silence, at(10'000 - step));
        ASSERT_LE(talks_.alarms_held(), 2 * talks_.all().size() + 64);
    }
    EXPECT_EQ(talks_.next_alarm()->first, at(1));
}

TEST_F(TalkAlarmsTest, AreForgottenAllAtOnce) {
    talks_.set_alarm(talk(1), AlarmKind::silence, at(1));
    talks_.forget_alarms();
    EXPECT_EQ(talks_.next_alarm(), std::nullopt);
    EXPECT_EQ(talk(1).alarms.find(AlarmKind::silence), std::nullopt);
    talks_.set_alarm(talk(1), AlarmKind::silence, at(2));
    EXPECT_EQ(talks_.next_alarm()->first, at(2));
}

TEST(Alarms, ComeByTimeThenByKeyAndOneReplacesAnother) {
    Alarms alarms;
    const AlarmKey grace{AlarmKind::agent_grace, 1};
    const AlarmKey places{AlarmKind::places, 0};
    alarms.set(places, at(2));
    alarms.set(grace, at(1));
    alarms.set(grace, at(2));
    EXPECT_EQ(alarms.find(grace), at(2));
    EXPECT_EQ(alarms.next()->first, at(2));
    EXPECT_EQ(alarms.take_due(at(1)), std::nullopt);
    EXPECT_EQ(alarms.take_due(at(2)), grace);
    EXPECT_EQ(alarms.find(grace), std::nullopt);
    alarms.cancel(places);
    alarms.cancel(places);
    EXPECT_EQ(alarms.next(), std::nullopt);
    EXPECT_EQ(alarms.take_due(at(99)), std::nullopt);
}

TEST(Alarms, ArePostponedByKind) {
    const AlarmKey first{AlarmKind::agent_grace, 1};
    const AlarmKey second{AlarmKind::agent_grace, 3};
    const AlarmKey expiry{AlarmKind::block_expiry, 2};
    Alarms alarms;
    alarms.set(first, at(1));
    alarms.set(expiry, at(2));
    alarms.set(second, at(3));
    alarms.postpone(AlarmKind::agent_grace, at(10) - at(0));
    alarms.postpone(AlarmKind::visitor_grace, at(10) - at(0));
    EXPECT_EQ(alarms.find(first), at(11));
    EXPECT_EQ(alarms.take_due(at(12)), expiry);
    EXPECT_EQ(alarms.take_due(at(12)), first);
    EXPECT_EQ(alarms.next()->first, at(13));
}

}  // namespace
}  // namespace switchboard
