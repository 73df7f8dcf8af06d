#pragma once

#include <variant>
#include <vector>

#include "domain/block.hpp"
#include "domain/configuration.hpp"
#include "domain/conversation.hpp"
#include "domain/entry.hpp"

namespace switchboard {

// A conversation as it is from `pos` on.
struct ConversationRecord {
    Pos pos = 0;
    Conversation conversation;
};

enum class Admission : std::uint8_t {
    opened_earlier = 0,  // the record changes or ends a claim
    new_work = 1,        // opens one, under slots_max
    returning = 2,       // opens one, under slots_hard_max
};

// A slot of an agent on a channel held by a conversation; `id` is the pos of its first record.
struct ClaimRecord {
    Pos pos = 0;
    ClaimId id;
    AgentId agent;
    ConversationId conversation;
    Channel channel = Channel::chat;
    Admission admission = Admission::opened_earlier;
    std::optional<Pos> active_pos;  // accepted; the id when there was no offer
    std::optional<Pos> wrap_up_pos;
    std::optional<Time> wrap_up_until;
    std::optional<Pos> to_pos;  // released
};

// The limits of an agent on a channel from `pos` on.
struct LimitRecord {
    Pos pos = 0;
    AgentId agent;
    Channel channel = Channel::chat;
    bool enabled = true;
    int slots_max = 1;
    int slots_hard_max = 1;
    std::chrono::seconds wrap_up{0};
};

// The limit of an agent over all channels from `pos` on.
struct TotalLimitRecord {
    Pos pos = 0;
    AgentId agent;
    int total_max = 0;  // 0: none
};

// How an agent is on a channel from `pos` on, and who wanted it (S7).
struct PresenceRecord {
    Pos pos = 0;
    AgentId agent;
    Channel channel = Channel::chat;
    Wish wish;
    Colour colour;
    Person by;  // the system when it came by itself
    Time at;
    bool turned_green = false;  // by intent: he counts as idle since now

    bool operator==(const PresenceRecord&) const = default;
};

struct AttendanceRecord {
    Pos pos = 0;
    AgentId agent;
    Attendance attendance = Attendance::absent;
};

struct BlockRecord {
    Pos pos = 0;
    Block block;
};

struct LiftRecord {
    Pos pos = 0;
    BlockId block;
    Person by;  // the system when it expired
    Time at;

    bool operator==(const LiftRecord&) const = default;
};

// A contact that came to nothing.
struct MissedRecord {
    Pos pos = 0;
    SiteId site;
    Channel channel = Channel::chat;
    PublicId visitor;
    Missed cause = Missed::busy;
    Time at;

    bool operator==(const MissedRecord&) const = default;
};

struct FormRecord {
    Pos pos = 0;
    ConversationId conversation;
    Person by;
    Time at;
    std::vector<std::string> tags;
    std::string note;

    bool operator==(const FormRecord&) const = default;
};

struct RatingRecord {
    Pos pos = 0;
    ConversationId conversation;
    Time at;
    int stars = 1;
    std::string comment;

    bool operator==(const RatingRecord&) const = default;
};

struct AccountRecord {
    Pos pos = 0;
    Account account;
};

struct GroupRecord {
    Pos pos = 0;
    Group group;
};

struct SiteRecord {
    Pos pos = 0;
    Site site;
};

struct SettingsRecord {
    Pos pos = 0;
    TenantSettings settings;
};

// A visitor who was not known before; its id is the record's pos.
struct VisitorRecord {
    VisitorId id;
    PublicId public_id;
    std::string name;
    Time created_at;
};

// A pointer that moved. The only kind without a pos: only the last value counts.
struct PointerRecord {
    Pointer pointer;
};

using Record = std::variant<Entry,
                            ConversationRecord,
                            ClaimRecord,
                            LimitRecord,
                            VisitorRecord,
                            PointerRecord,
                            TotalLimitRecord,
                            PresenceRecord,
                            AttendanceRecord,
                            BlockRecord,
                            LiftRecord,
                            MissedRecord,
                            FormRecord,
                            RatingRecord,
                            AccountRecord,
                            GroupRecord,
                            SiteRecord,
                            SettingsRecord>;

// The bytes a record counts towards the bounds of a batch.
std::size_t size_of(const Record& record);

}  // namespace switchboard
