#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <vector>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace switchboard {

enum class AlarmKind : std::uint8_t {
    agent_grace,    // AgentId: he did not come back
    agent_gone,     // ConversationId: its agent is gone
    confirmation,   // ConversationId: its agent's client did not confirm
    visitor_grace,  // a person: the visitor did not come back
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
// anew from what is stored.
class Alarms {
public:
    // Replaces an earlier alarm of the same key.
    void set(const AlarmKey& key, Time at);
    void cancel(const AlarmKey& key);

    // All of one kind that are not due before `from` are due that much later.
    void postpone(AlarmKind kind, std::chrono::microseconds by, Time from = Time::min());

    std::optional<Time> find(const AlarmKey& key) const;
    std::optional<Time> next() const;

    // The first that is due, which is removed; nothing when none is.
    std::optional<AlarmKey> take_due(Time now);

    std::size_t size() const { return times_.size(); }
    // With what is cancelled and not yet let go: at most twice size(), and 64.
    std::size_t held() const { return order_.size(); }

private:
    struct Hash {
        std::size_t operator()(const AlarmKey& key) const {
            return (static_cast<std::size_t>(key.id) ^ IdHash()(key.person)) * 16 +
                   static_cast<std::size_t>(key.kind);
        }
    };
    struct Due {
        Time at;
        AlarmKey key;

        auto operator<=>(const Due&) const = default;
    };
    bool is_stale(const Due& due) const;
    void changed(Time was);
    void put_in_order();

    boost::unordered_flat_map<AlarmKey, Time, Hash> times_;
    // A heap, the earliest first. What times_ knows no more stays in it until it comes to the
    // front, where nothing stale stands, or until it is most of the heap.
    std::vector<Due> order_;
};

}  // namespace switchboard
