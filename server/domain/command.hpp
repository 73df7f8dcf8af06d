#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/entry.hpp"
#include "domain/presence.hpp"
#include "domain/principal.hpp"
#include "domain/tenant_state.hpp"
#include "domain/version.hpp"

namespace switchboard {

// One socket of a person, by the id of its session and how often that session was resumed.
struct Connection {
    PublicId session;
    std::int64_t generation = 0;  // a lower one than the known is stale

    bool operator==(const Connection&) const = default;
};

// The principal's socket is up: he is connected while one of his connections lives.
struct Connect {
    Connection connection;
    SiteId site;       // a visitor's
    std::string name;  // a visitor's display name, used when he is stored for the first time
};

struct Disconnect {
    Connection connection;
    bool logged_out = false;  // its login session ended: no grace time (S5)
};

// The connection says that nobody sits before it, or somebody again (S5).
struct SetAway {
    Connection connection;
    bool away = false;
};

struct StartConversation {
    PublicId conversation;  // minted at the edge
    SiteId site;
    Channel channel = Channel::chat;
    ClientMessageId client_message_id;
    std::string text;
};

struct SendMessage {
    PublicId conversation;
    ClientMessageId client_message_id;
    EntryKind kind = EntryKind::text;  // text, note or link
    std::string text;
};

struct CloseConversation {
    PublicId conversation;
};

struct ReportProgress {
    PublicId conversation;
    Seq delivered = 0;
    Seq seen = 0;
};

struct ShowTyping {
    PublicId conversation;
    std::string draft{};  // a visitor's, of what he is writing; at most draft_bytes_max (K9)
};

struct SetLimits {
    PublicId agent;
    Channel channel = Channel::chat;
    bool enabled = true;
    int slots_max = 1;                // 1..100
    int slots_hard_max = 1;           // slots_max..100
    std::chrono::seconds wrap_up{0};  // 0..3600, held after a conversation ends (C6)
    std::optional<Version> seen{};    // of the agent; see ConfigureAgent
};

// How many conversations an agent may have over all channels (C2).
struct SetTotalLimit {
    PublicId agent;
    int total_max = 0;              // 1..400; 0: as many as the channels allow
    std::optional<Version> seen{};  // of the agent; see ConfigureAgent
};

// What an agent wants, or a manager of him (S4).
struct SetPresence {
    PublicId agent;                  // none: who asks
    std::optional<Channel> channel;  // none: all of his channels
    Intent intent = Intent::available;
    std::string text;  // of a break
};

// The agent's client has the conversation that was assigned to him (R7).
struct ConfirmAssignment {
    PublicId conversation;
};

// Takes a conversation that waits (R8).
struct ClaimConversation {
    PublicId conversation;
};

// Gives the slot back and keeps the conversation (C5).
struct SetInactive {
    PublicId conversation;
};

// The agent is done with what he held a slot for after the end (C6).
struct FinishWrapUp {
    PublicId conversation;
};

struct BlockVisitor {
    PublicId block;         // minted at the edge
    PublicId conversation;  // whose visitor is meant; none: `visitor`
    PublicId visitor;
    std::optional<Time> expires_at;
    std::string reason;
};

struct LiftBlock {
    PublicId block;
};

// What an agent notes of a conversation, until seven days after its end; the last one counts (K14).
struct FillClosingForm {
    PublicId conversation;
    std::vector<std::string> tags;  // at most 20, each 1..64 bytes
    std::string note;               // at most 4 KiB
};

// What the visitor thinks of it, likewise.
struct RateConversation {
    PublicId conversation;
    int stars = 1;        // 1..5
    std::string comment;  // at most 4 KiB
};

// Asks for what is going on; answered with a LiveView.
struct ShowLive {
    bool agents = false;
    bool queue = false;
};

// Answered with a BlocksView.
struct ListBlocks {};

// Asks whether visitors of a site can be served now; answered with a SiteAvailability (S8).
struct ShowAvailability {
    std::string site;  // its key
};

// Configuration by REST: creates what has this id, or changes it. Ids come from the database. With
// `seen` only what is so now, or is already as it is to be, is changed; else version_mismatch.
struct ConfigureAgent {
    Account account;
    std::optional<Version> seen{};
};
struct ConfigureGroup {
    Group group;
    std::optional<Version> seen{};
};
struct ConfigureSite {
    Site site;
    std::optional<Version> seen{};
};
struct ConfigureTenant {
    TenantSettings settings;
    std::optional<Version> seen{};
};

struct Command {
    Principal principal;
    std::variant<Connect,
                 Disconnect,
                 StartConversation,
                 SendMessage,
                 CloseConversation,
                 ReportProgress,
                 ShowTyping,
                 SetLimits,
                 SetTotalLimit,
                 SetAway,
                 SetPresence,
                 ConfirmAssignment,
                 ClaimConversation,
                 SetInactive,
                 FinishWrapUp,
                 BlockVisitor,
                 LiftBlock,
                 FillClosingForm,
                 RateConversation,
                 ShowLive,
                 ListBlocks,
                 ShowAvailability,
                 ConfigureAgent,
                 ConfigureGroup,
                 ConfigureSite,
                 ConfigureTenant>
        what;
};

inline constexpr std::size_t text_bytes_max = 16 * 1024;
inline constexpr std::size_t draft_bytes_max = 512;

// The bytes a command counts towards the bounds of a mailbox.
std::size_t size_of(const Command& command);

}  // namespace switchboard
