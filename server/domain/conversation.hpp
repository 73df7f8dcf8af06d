#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/person.hpp"
#include "domain/time.hpp"

namespace switchboard {

// Inactive: it keeps its agent, but not his slot (C5).
enum class ConversationState : std::uint8_t { closed = 0, queued = 1, active = 2, inactive = 3 };

enum class CloseReason : std::uint8_t {
    none = 0,  // it is open
    visitor = 1,
    agent = 2,
    manager = 3,
    abandoned = 4,   // the visitor left before anybody came
    wait_limit = 5,  // he waited longer than the rule allows
    idle = 6,        // both were silent
    blocked = 7,
};

enum class Awaiting : std::uint8_t { nobody = 1, agent = 2, visitor = 3 };

// The row of a conversation: what changes only when its state does.
struct Conversation {
    ConversationId id;  // the pos of its start
    PublicId public_id;
    VisitorId visitor;
    SiteId site;
    Channel channel = Channel::chat;
    ConversationState state = ConversationState::queued;
    Pos ticket = 0;  // its place in the queue, kept while assigned (R5)
    // Assigned; of an inactive one who keeps it, of a closed one who had it last. 0: nobody.
    AgentId agent;
    Time opened_at;
    Time queued_at;                   // when its present or last wait began
    std::optional<Time> assigned_at;  // while active or inactive
    std::optional<Time> joined_at;    // when the agent's client confirmed that (R7)
    std::optional<Time> inactive_at;  // while inactive
    std::optional<Time> left_at;      // the visitor is gone since, beyond his grace time
    bool patient = false;             // left as a message: it waits without its visitor (R4)
    std::optional<Time> closed_at;
    std::optional<Person> closed_by;
    CloseReason close_reason = CloseReason::none;

    bool operator==(const Conversation&) const = default;
};

// What the timeline says of a conversation as a whole. It is never stored: the engine keeps it up,
// and a rebuild computes it from the entries.
struct TimelineSummary {
    Seq last_seq = 0;
    Seq last_public_seq = 0;              // of the last entry that the visitor may see
    std::optional<Time> last_message_at;  // by a person, visible to all
    std::string last_visitor_message;     // its beginning; see preview()
    Awaiting awaiting = Awaiting::agent;
    std::optional<Time> awaiting_since;  // when the turn came to who is awaited
    std::vector<Seq> unread;  // the visitor's messages beyond what any agent of it has seen

    bool operator==(const TimelineSummary&) const = default;
};

// Everything up to these seqs was delivered to, and seen by, one person.
struct Pointer {
    ConversationId conversation;
    Person person;
    Seq delivered = 0;
    Seq seen = 0;  // <= delivered

    bool operator==(const Pointer&) const = default;
};

// The first 200 characters of a message.
std::string preview(const std::string& text);

}  // namespace switchboard
