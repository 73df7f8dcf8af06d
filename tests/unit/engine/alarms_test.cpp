#include "engine/alarms.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace switchboard {
namespace {

AlarmKey silence_of(std::int64_t id) { return {AlarmKind::silence, id, {}}; }
Time at(int seconds) { return Time(std::chrono::seconds(seconds)); }

// The same in a table that is searched from end to end.
struct PlainAlarms {
    std::map<AlarmKey, Time> times;

    std::optional<std::pair<Time, AlarmKey>> first() const {
        std::optional<std::pair<Time, AlarmKey>> first;
        for (const auto& [key, time] : times)
            if (!first || std::pair(time, key) < *first) first = {time, key};
        return first;
    }
};

TEST(Alarms, AreThoseOfAPlainTableWhateverIsSetMovedAndCancelled) {
    std::mt19937 random(7);
    const auto below = [&](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
    Alarms alarms;
    PlainAlarms plain;
    int taken = 0;
    for (int step = 0; step < 20'000; ++step) {
        const AlarmKey key = silence_of(below(40));
        switch (below(4)) {
            case 0:
                alarms.cancel(key);
                plain.times.erase(key);
                break;
            case 1: {
                const Time now = at(below(100));
                const auto first = plain.first();
                const auto due = alarms.take_due(now);
                ASSERT_EQ(due.has_value(), first && first->first <= now) << step;
                if (!due) break;
                ASSERT_EQ(*due, first->second) << step;
                plain.times.erase(*due);
                ++taken;
                break;
            }
            default: {
                const Time time = at(below(100));
                alarms.set(key, time);
                plain.times[key] = time;
            }
        }
        ASSERT_EQ(alarms.size(), plain.times.size());
        const auto first = plain.first();
        ASSERT_EQ(alarms.next(), first ? std::optional(first->first) : std::nullopt) << step;
    }
    EXPECT_GT(taken, 1'000);
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
