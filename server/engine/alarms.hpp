#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace switchboard {

enum class AlarmKind : std::uint8_t {
    agent_grace,    // AgentId: he did not come back
    visitor_grace,  // a person: the visitor did not come back
    agent_gone,     // ConversationId: its agent is gone
    confirmation,   // ConversationId: its agent's client did not confirm
    wait_limit,     // ConversationId: it waited as long as the rule allows
    silence,        // ConversationId: both were silent
    wrap_up,        // ClaimId: the time after the end is over
    block_expiry,   // BlockId
    places,         // the visitors who wait are told their places
    availability,   // visitors are told whether they can be served
};

// What an alarm is about.
struct AlarmKey {
    AlarmKind kind = AlarmKind::silence;
    std::int64_t id = 0;
    PublicId person;  // of visitor_grace

    auto operator<=>(const AlarmKey&) const = default;
};

// What is due by the clock alone; one alarm for each key. Memory only: whoever rebuilds sets them
// anew from what is stored. Those due at the same time come by what they are about: all of one
// conversation together.
class Alarms {
public:
    // Replaces an earlier alarm of the same key. Never at Time::max().
    void set(const AlarmKey& key, Time at);
    void cancel(const AlarmKey& key);

    // All of one kind that are not due before `from` are due that much later.
    void postpone(AlarmKind kind, std::chrono::microseconds by, Time from = Time::min());

    std::optional<Time> find(const AlarmKey& key) const;
    std::optional<Time> next() const;

    // The first that is due, which is removed; nothing when none is.
    std::optional<AlarmKey> take_due(Time now);

    std::size_t size() const { return size_; }
    // With what was cancelled or moved and is not yet let go: at most twice size(), and 64.
    std::size_t held() const { return order_.size(); }

private:
    // A conversation has alarms of several kinds, which are kept together: they change together.
    static constexpr AlarmKind first_of_talk = AlarmKind::agent_gone;
    static constexpr AlarmKind last_of_talk = AlarmKind::silence;
    static constexpr std::size_t kinds_max = 4;
    static bool is_of_talk(AlarmKind kind) { return first_of_talk <= kind && kind <= last_of_talk; }
    static std::size_t place_of(AlarmKind kind) {
        const auto place = static_cast<std::size_t>(kind) - static_cast<std::size_t>(first_of_talk);
        return is_of_talk(kind) ? place : 0;
    }
    // What the alarms kept together have in common: the key of the first of them.
    static AlarmKey subject_of(AlarmKey key) {
        if (is_of_talk(key.kind)) key.kind = first_of_talk;
        return key;
    }

    static constexpr Time never = Time::max();
    struct Times {
        std::array<Time, kinds_max> due{never, never, never, never};
        Time ordered = never;  // where the subject stands in order_, never later than it is due

        Time first() const { return *std::ranges::min_element(due); }
    };
    struct Hash {
        std::size_t operator()(const AlarmKey& key) const {
            return (static_cast<std::size_t>(key.id) ^ IdHash()(key.person)) * 16 +
                   static_cast<std::size_t>(key.kind);
        }
    };
    struct Place {
        Time at;
        AlarmKey subject;

        auto operator<=>(const Place&) const = default;
    };
    void put_in(const AlarmKey& subject, Times& times);
    void changed(const AlarmKey& subject, Time stood);
    void settle_front();
    void put_in_order();

    std::size_t size_ = 0;
    boost::unordered_flat_map<AlarmKey, Times, Hash> times_;
    // A heap, the earliest first. An alarm that is moved to later leaves its subject where it
    // stands, and one that is cancelled stays until it comes to the front: what stands there is
    // true. So a message, which moves the silence of its conversation, seldom touches the heap.
    std::vector<Place> order_;
};

}  // namespace switchboard
