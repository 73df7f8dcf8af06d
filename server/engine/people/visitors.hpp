#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <array>
#include <memory>
#include <vector>

#include "domain/facts.hpp"

namespace switchboard {

// The visitors the engine must know by heart: those connected or with an open conversation.
class Visitors {
public:
    // Remembers him; call forget() as often as hold(). Who was forgotten is let go by trim(),
    // between batches: within one, what it stores of him must be known.
    void hold(const StoredVisitor& visitor);
    void forget(const PublicId& public_id);
    void trim();

    // The same for his conversation on a channel, as long as it is open.
    void begin_talk(const StoredVisitor& visitor, Channel channel, ConversationId talk);
    void end_talk(const PublicId& public_id, Channel channel);

    // His open conversation on a channel; 0: none.
    ConversationId talk_of(const PublicId& public_id, Channel channel) const;

    // He is stored now, under this id.
    void store(const PublicId& public_id, VisitorId id);

    // Nobody: not held, or not known for sure. An id of 0: he never wrote, so he is not stored.
    const StoredVisitor* find(const PublicId& public_id) const;

    // Remembers a connected one of whom only the name is sure, until settle() tells the rest.
    void hold_unsure(const PublicId& public_id, const std::string& name);
    void settle(const StoredVisitor& visitor);

    // He is called otherwise now; no matter when he is not held.
    void rename(const StoredVisitor& visitor);

    // Of anybody held; else empty.
    std::string name_of(const PublicId& public_id) const;

    bool holds(const PublicId& public_id) const { return held_.contains(public_id); }

private:
    struct Held {
        StoredVisitor visitor;
        int holds = 0;
        bool sure = true;
        std::array<ConversationId, channels.size()> talks{};  // by channel

        ConversationId& talk_on(Channel channel) {
            return talks.at(static_cast<std::size_t>(channel) - 1);
        }
    };
    Held& held_as(const PublicId& public_id);
    Held* look_up(const PublicId& public_id) const;

    // Small places: most who are looked up by their first message are not there, and that is seen
    // in one line of cache.
    boost::unordered_flat_map<PublicId, std::unique_ptr<Held>, IdHash> held_;
    std::vector<PublicId> forgotten_;
};

}  // namespace switchboard
