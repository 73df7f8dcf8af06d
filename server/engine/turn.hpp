#pragma once

#include <boost/container/small_vector.hpp>

#include <optional>
#include <vector>

#include "domain/publication.hpp"
#include "domain/record.hpp"
#include "domain/reply.hpp"
#include "domain/version.hpp"

namespace switchboard {

// What one command did: what is to be stored, then shown, then answered, in that order.
struct Effects {
    int positions = 0;  // how many pos the records take
    std::vector<Record> records;
    std::vector<Publication> publications;
    Reply reply;
};

// One command being carried out: hands out positions and collects the effects.
class Turn {
public:
    // `log_pos` is the engine's head position; it moves with every position taken.
    Turn(Pos& log_pos, Time now) : log_pos_(log_pos), now_(now) {}

    Time now() const { return now_; }

    Pos take_pos() {
        ++effects_.positions;
        return ++log_pos_;
    }

    template <class Kind>
    void store(Kind record) {
        if (effects_.records.empty()) effects_.records.reserve(effects_at_first);
        effects_.records.emplace_back(std::in_place_type<Kind>, std::move(record));
    }
    // One more to be shown, yet empty, with the newest pos; valid until the next. Made where it
    // stays: a view is large.
    Publication& publish();
    void answer(Reply reply) { effects_.reply = std::move(reply); }
    void refuse(Refusal reason, std::string_view field = {}) { answer(Refused{reason, field, {}}); }

    // Whether what the asker saw before he changed it still is so; false, and refused, when it is
    // not. One who comes with a change that was carried out already is in time as well: a command
    // may be carried out anew after its batch was stored.
    bool is_in_time(const std::optional<Version>& seen, Version present, Version changed) {
        if (!seen || *seen == present || present == changed) return true;
        refuse(Refusal::version_mismatch);
        return false;
    }

    // Whose summary or presence is to be published once the command is done.
    enum class Shown : std::uint8_t {
        timeline,    // to its agent: only its timeline changed
        state,       // to the visitor as well
        queue_state  // and to who watches the queue: it came to wait, or waits no more
    };
    void touch(ConversationId conversation, Shown shown);
    void touch(AgentId agent);
    // The conversation was this agent's: he is told what became of it.
    void touch_former(ConversationId conversation, AgentId agent);

    // What is wanted of an agent on a channel changed. The record is stored at once and gets the
    // colour that he ends with when the turn is finished.
    void store_wish(PresenceRecord record);

    // True when there is one; it has the colour now.
    bool colour_wishes(AgentId agent, Channel channel, const Colour& colour);

    struct TouchedConversation {
        ConversationId id;
        Shown shown = Shown::timeline;
        AgentId former;  // 0: nobody lost it
    };
    const auto& touched_conversations() const { return conversations_; }
    const auto& touched_agents() const { return agents_; }

    // Ends the turn.
    Effects take_effects() { return std::move(effects_); }

private:
    static constexpr std::size_t effects_at_first = 8;  // a start with its assignment has fewer

    Pos& log_pos_;
    Time now_;
    Effects effects_;
    boost::container::small_vector<TouchedConversation, 4> conversations_;
    boost::container::small_vector<AgentId, 4> agents_;
    std::vector<std::size_t> wishes_;  // where their records are
};

}  // namespace switchboard
