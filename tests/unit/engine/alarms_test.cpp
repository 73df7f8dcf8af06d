#include "engine/alarms.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>
#include <tuple>

namespace switchboard {
namespace {

AlarmKey silence_of(std::int64_t id) { return {AlarmKind::silence, id, {}}; }
Time at(int seconds) { return Time(std::chrono::seconds(seconds)); }

// The same in a table that is searched from end to end.
struct PlainAlarms {
    // Of a conversation, or by kind what else there is; then the kind.
    using Order = std::tuple<Time, AlarmKind, std::int64_t, AlarmKind>;
    std::map<AlarmKey, Time> times;

    std::optional<std::pair<Order, AlarmKey>> first() const {
        std::optional<std::pair<Order, AlarmKey>> first;
        for (const auto& [key, time] : times) {
            const bool of_talk =
                key.kind >= AlarmKind::agent_gone && key.kind <= AlarmKind::silence;
            const Order order{time, of_talk ? AlarmKind::agent_gone : key.kind, key.id, key.kind};
            if (!first || order < first->first) first = {order, key};
        }
        return first;
    }
    std::optional<Time> next() const {
        const auto found = first();
        return found ? std::optional(std::get<0>(found->first)) : std::nullopt;
    }
};

TEST(Alarms, AreThoseOfAPlainTableWhateverIsSetMovedAndCancelled) {
    constexpr std::array kinds{AlarmKind::agent_gone,
                               AlarmKind::confirmation,
                               AlarmKind::wait_limit,
                               AlarmKind::silence,
                               AlarmKind::agent_grace,
                               AlarmKind::block_expiry};
    std::mt19937 random(7);
    const auto below = [&](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
    Alarms alarms;
    PlainAlarms plain;
    std::array<int, std::size(kinds)> taken{};
    for (int step = 0; step < 40'000; ++step) {
        const auto kind = static_cast<std::size_t>(below(std::size(kinds)));
        const AlarmKey key{kinds.at(kind), below(10), {}};
        switch (below(4)) {
            case 0:
                alarms.cancel(key);
                plain.times.erase(key);
                break;
            case 1: {
                const Time now = at(below(100));
                const auto next = plain.next();
                const auto due = alarms.take_due(now);
                ASSERT_EQ(due.has_value(), next && *next <= now) << step;
                if (!due) break;
                ASSERT_EQ(*due, plain.first()->second) << step;
                plain.times.erase(*due);
                ++taken.at(std::ranges::find(kinds, due->kind) - kinds.begin());
                break;
            }
            default: {
                const Time time = at(below(100));
                alarms.set(key, time);
                plain.times[key] = time;
            }
        }
        ASSERT_EQ(alarms.size(), plain.times.size());
        ASSERT_LE(alarms.held(), 2 * alarms.size() + 64);
        ASSERT_EQ(alarms.next(), plain.next()) << step;
        const auto found = plain.times.find(key);
        ASSERT_EQ(alarms.find(key),
                  found == plain.times.end() ? std::nullopt : std::optional(found->second));
    }
    for (const int times : taken)
        EXPECT_GT(times, 500);
}

TEST(Alarms, ArePostponedByKind) {
    const AlarmKey grace{AlarmKind::agent_grace, 1, {}};
    Alarms alarms;
    alarms.set(grace, at(1));
    alarms.set(silence_of(2), at(2));
    alarms.set({AlarmKind::agent_grace, 3, {}}, at(3));
    alarms.postpone(AlarmKind::agent_grace, at(10) - at(0));
    EXPECT_EQ(alarms.find(grace), at(11));
    alarms.postpone(AlarmKind::agent_grace, at(1) - at(0), at(13));
    EXPECT_EQ(alarms.find(grace), at(11)) << "it is due before that";
    EXPECT_EQ(alarms.take_due(at(12)), silence_of(2));
    EXPECT_EQ(alarms.take_due(at(12)), grace);
    EXPECT_EQ(alarms.next(), at(14));
}

TEST(Alarms, OfAConversationArePostponedOneByOne) {
    const AlarmKey confirmation{AlarmKind::confirmation, 2, {}};
    Alarms alarms;
    alarms.set(silence_of(2), at(5));
    alarms.set(confirmation, at(2));
    alarms.postpone(AlarmKind::confirmation, at(10) - at(0));
    EXPECT_EQ(alarms.find(confirmation), at(12));
    EXPECT_EQ(alarms.next(), at(5));
    EXPECT_EQ(alarms.take_due(at(12)), silence_of(2));
    EXPECT_EQ(alarms.take_due(at(12)), confirmation);
    EXPECT_EQ(alarms.take_due(at(99)), std::nullopt);
}

// A message moves the silence: the heap is not touched for it.
TEST(Alarms, MovedToLaterStayWhereTheyStand) {
    Alarms alarms;
    for (int second = 10; second < 1'000; ++second) {
        alarms.set(silence_of(1), at(second));
        alarms.set({AlarmKind::agent_grace, 1, {}}, at(1));
        ASSERT_EQ(alarms.held(), 2u);
    }
    EXPECT_EQ(alarms.take_due(at(9)), (AlarmKey{AlarmKind::agent_grace, 1, {}}));
    EXPECT_EQ(alarms.next(), at(999));
}

TEST(Alarms, MovedForEverNeedNoMoreRoom) {
    Alarms alarms;
    for (int step = 1; step < 10'000; ++step) {
        alarms.set(silence_of(step % 3), at(step));
        ASSERT_LE(alarms.held(), 2 * alarms.size() + 64);
    }
    EXPECT_EQ(alarms.next(), at(9'997));
}

}  // namespace
}  // namespace switchboard
