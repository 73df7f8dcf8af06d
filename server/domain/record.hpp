#pragma once

#include <variant>
#include <vector>

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

using Record =
    std::variant<Entry, ConversationRecord, ClaimRecord, LimitRecord, VisitorRecord, PointerRecord>;

// The bytes a record counts towards the bounds of a batch.
std::size_t size_of(const Record& record);

}  // namespace switchboard
