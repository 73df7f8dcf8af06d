#pragma once

#include <boost/container/small_vector.hpp>

#include <string>
#include <variant>
#include <vector>

#include "domain/block.hpp"
#include "domain/conversation.hpp"
#include "domain/entry.hpp"
#include "domain/presence.hpp"

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
    Pos ticket = 0;  // its place in the queue, also while it is not there
    PersonView visitor;
    PersonView agent;  // person.id 0 while nobody is assigned
    Time opened_at;
    std::optional<Time> assigned_at;
    std::optional<Time> joined_at;  // none while active: the agent's client must confirm (R7)
    TimelineSummary timeline;       // without the list of the unread: a view is made per message
    int unread = 0;
    bool patient = false;
    bool visitor_left = false;
    CloseReason close_reason = CloseReason::none;

    bool operator==(const SummaryView&) const = default;
};

struct PresenceView {
    PublicId agent;
    Channel channel = Channel::chat;
    bool enabled = true;
    Wish wish;
    Colour colour;
    int slots_used = 0;
    int slots_max = 0;
    Pos version = 0;  // rises with every change

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
    std::string draft{};  // for agents alone
};

// A visitor's place among those who wait like him (R4).
struct QueuePlaceView {
    PublicId conversation;
    int position = 1;                            // 1: the next
    std::optional<std::chrono::seconds> expect;  // how long it may take; none: not known

    bool operator==(const QueuePlaceView&) const = default;
};

struct AvailabilityView {
    SiteId site;
    Channel channel = Channel::chat;
    Availability availability = Availability::no;

    bool operator==(const AvailabilityView&) const = default;
};

// Who is shown a publication beside the people it is for.
enum class Watchers : std::uint8_t {
    none = 0,
    presence,  // who asked for the colours of all agents
    queue,     // who asked for the queue of `site`
    visitors,  // those of `site`, but for `to`
};

using People = boost::container::small_vector<PublicId, 2>;

// Something that people are shown once it is durable.
struct Publication {
    Pos pos = 0;  // of the newest record it speaks of
    People to;    // every connection of theirs
    std::variant<EntryView,
                 SummaryView,
                 PresenceView,
                 PointerView,
                 TypingView,
                 QueuePlaceView,
                 AvailabilityView>
        what;
    Watchers watchers = Watchers::none;
    SiteId site;  // of watchers by site
};

// All that a person needs to draw his screen, but for the entries.
struct WelcomeView {
    std::string lineage{};  // of the database: positions of another one mean nothing here
    PersonView self;
    std::vector<SummaryView> conversations;      // the own open ones, ascending by id
    std::vector<PresenceView> presence;          // an agent's, by channel
    std::vector<PointerView> pointers;           // of those conversations
    std::vector<QueuePlaceView> places;          // a visitor's, of those that wait
    std::vector<AvailabilityView> availability;  // for a visitor, by channel
    bool draft_preview = false;                  // for a visitor: his tenant's setting
};

// What is going on at the tenant, for who watches it: the agents with their colours, and who waits.
struct LiveView {
    struct AgentLine {
        PersonView agent;
        std::vector<PresenceView> presence;  // by channel
    };
    std::vector<AgentLine> agents;
    std::vector<SummaryView> queue;  // by ticket
    std::vector<SiteId> sites;       // whose queue the asker may watch, ascending
};

// What a visitor of the site who is not blocked would be told in his welcome.
struct SiteAvailability {
    std::vector<AvailabilityView> channels;  // ascending
};

struct BlocksView {
    std::vector<Block> blocks;  // ascending by id
};

}  // namespace switchboard
