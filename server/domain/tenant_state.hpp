#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/block.hpp"
#include "domain/configuration.hpp"
#include "domain/conversation.hpp"
#include "domain/entry.hpp"

namespace switchboard {

struct OpenClaim {
    ClaimId id;
    AgentId agent;
    ConversationId conversation;
    Channel channel = Channel::chat;
    std::optional<Pos> wrap_up_pos;     // its conversation is closed; the slot is still held
    std::optional<Time> wrap_up_until;  // till then

    bool operator==(const OpenClaim&) const = default;
};

struct OpenConversation {
    Conversation conversation;
    PublicId visitor;
    std::string visitor_name;
    TimelineSummary summary;
    std::vector<Pointer> pointers;  // by person

    bool operator==(const OpenConversation&) const = default;
};

// A message of the client ids' window: who sent it, as what, and what it was answered.
struct SentMessage {
    ClientMessageId id;
    Person sender;
    std::int64_t content_hash = 0;  // as in the entry
    PublicId conversation;
    Pos pos = 0;
    Seq seq = 0;
    Time at;

    bool operator==(const SentMessage&) const = default;
};

inline constexpr std::size_t sent_window_max = 16384;

// Everything an engine is rebuilt from, as stored at `log_pos`; each list ascending by id.
// A live engine can write itself down in the same form, and the two are equal.
struct TenantState {
    TenantId id;
    Pos log_pos = 0;
    int retention_days = 365;  // how long messages, and so client ids, are kept
    Time last_at;              // of the newest entry; the engine's time never falls before it
    TenantSettings settings;
    std::vector<Group> groups;
    std::vector<Site> sites;
    std::vector<Agent> agents;
    std::vector<OpenConversation> conversations;
    std::vector<OpenClaim> claims;
    std::vector<Block> blocks;  // in force
    std::size_t sent_max = sent_window_max;
    std::vector<SentMessage> sent;  // those with the highest client ids, at most sent_max
    std::optional<ClientMessageId> sent_before;  // the highest id that `sent` leaves out

    bool operator==(const TenantState&) const = default;
};

// What a message is, so that the same id with another content is found out: a start by its
// channel, any other by its conversation; the kind; the text. Stored, so it never changes.
std::int64_t start_hash(Channel channel, std::string_view text);
std::int64_t send_hash(const PublicId& conversation, EntryKind kind, std::string_view text);

}  // namespace switchboard
