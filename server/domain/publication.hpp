#pragma once

#include <boost/container/small_vector.hpp>

#include <string>
#include <variant>
#include <vector>

#include "domain/conversation.hpp"
#include "domain/entry.hpp"

namespace switchboard {

// A person as the outside sees him.
struct PersonView {
    Person person;
    PublicId public_id;
    std::string name;

    bool operator==(const PersonView&) const = default;
};

struct EntryView {
    Entry entry;
    PublicId conversation;
    PersonView author;
    Seq prev_seq = 0;         // of the entry before it
    Seq prev_public_seq = 0;  // of the entry before it that the visitor may see

    bool operator==(const EntryView&) const = default;
};

struct SummaryView {
    PublicId conversation;
    Channel channel = Channel::chat;
    ConversationState state = ConversationState::queued;
    PersonView visitor;
    PersonView agent;  // person.id 0 while nobody is assigned
    Time opened_at;
    std::optional<Time> assigned_at;
    TimelineSummary timeline;  // without the list of the unread: a view is made per message
    int unread = 0;

    bool operator==(const SummaryView&) const = default;
};

enum class Status : std::uint8_t { available = 1, busy = 2, unavailable = 3 };

struct PresenceView {
    PublicId agent;
    Channel channel = Channel::chat;
    bool enabled = true;
    Status status = Status::unavailable;
    int slots_used = 0;
    int slots_max = 0;

    bool operator==(const PresenceView&) const = default;
};

struct PointerView {
    PublicId conversation;
    PersonView person;
    Seq delivered = 0;
    Seq seen = 0;

    bool operator==(const PointerView&) const = default;
};

struct TypingView {
    PublicId conversation;
    PersonView person;
};

// Something that people are shown once it is durable.
struct Publication {
    Pos pos = 0;                                     // of the newest record it speaks of
    boost::container::small_vector<PublicId, 2> to;  // people: every connection of theirs
    std::variant<EntryView, SummaryView, PresenceView, PointerView, TypingView> what;
};

// All that a person needs to draw his screen, but for the entries.
struct WelcomeView {
    std::string lineage{};  // of the database: positions of another one mean nothing here
    PersonView self;
    std::vector<SummaryView> conversations;  // the own open ones, ascending by id
    std::vector<PresenceView> presence;      // an agent's, by channel
    std::vector<PointerView> pointers;       // of those conversations
};

}  // namespace switchboard
