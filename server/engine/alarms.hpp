#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <optional>
#include <set>

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

    std::optional<Time> find(const AlarmKey& key) const;
    std::optional<Time> next() const;

    // The first that is due, which is removed; nothing when none is.
    std::optional<AlarmKey> take_due(Time now);

    std::size_t size() const { return times_.size(); }

private:
    struct Hash {
        std::size_t operator()(const AlarmKey& key) const {
            return (static_cast<std::size_t>(key.id) ^ IdHash()(key.person)) * 16 +
                   static_cast<std::size_t>(key.kind);
        }
    };
    boost::unordered_flat_map<AlarmKey, Time, Hash> times_;
    std::set<std::pair<Time, AlarmKey>> order_;
};

}  // namespace switchboard
