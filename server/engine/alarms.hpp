#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>

#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace switchboard {

enum class AlarmKind : std::uint8_t {
    agent_grace,    // AgentId: he did not come back
    visitor_grace,  // a person: the visitor did not come back
    // Four of a ConversationId, which are kept with it (conversations/conversations.hpp):
    agent_gone,    // its agent is gone
    confirmation,  // its agent's client did not confirm
    wait_limit,    // it waited as long as the rule allows
    silence,       // both were silent
    wrap_up,       // ClaimId: the time after the end is over
    block_expiry,  // BlockId
    places,        // the visitors who wait are told their places
    availability,  // visitors are told whether they can be served
};

// When the first alarm is due, and of which kind. At the same time they come in the order of the
// kinds: places are told once all who are to wait do so.
using DueAlarm = std::pair<Time, AlarmKind>;

// What an alarm is about.
struct AlarmKey {
    AlarmKind kind = AlarmKind::silence;
    std::int64_t id = 0;
    PublicId person{};  // of visitor_grace

    auto operator<=>(const AlarmKey&) const = default;
};

// What is due by the clock alone, but for conversations; one alarm for each key. Memory only:
// whoever rebuilds sets them anew from what is stored. Those due at the same time come by key.
class Alarms {
public:
    // Replaces an earlier alarm of the same key.
    void set(const AlarmKey& key, Time at);
    void cancel(const AlarmKey& key);

    // All of one kind are due that much later.
    void postpone(AlarmKind kind, std::chrono::microseconds by);

    std::optional<Time> find(const AlarmKey& key) const;
    std::optional<DueAlarm> next() const;

    // The first that is due, which is removed; nothing when none is.
    std::optional<AlarmKey> take_due(Time now);

private:
    std::map<AlarmKey, Time> times_;
    std::set<std::pair<Time, AlarmKey>> order_;
};

}  // namespace switchboard
