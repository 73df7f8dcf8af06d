#pragma once

#include <vector>

#include "domain/authorize.hpp"
#include "domain/tenant_state.hpp"

namespace switchboard {

// What the engine cannot know from memory and must be looked up before a command is applied.
struct LookUp {
    std::vector<ClientMessageId> messages;  // whose ids lie before the engine's window
    std::vector<PublicId> visitors;
    std::vector<PublicId> conversations;
    std::vector<PublicId> blocks;

    bool empty() const {
        return messages.empty() && visitors.empty() && conversations.empty() && blocks.empty();
    }
};

struct StoredVisitor {
    VisitorId id;
    PublicId public_id;
    std::string name;

    bool operator==(const StoredVisitor&) const = default;
};

struct StoredConversation {
    PublicId public_id;
    ConversationId id;
    ConversationAccess access;
    ConversationState state = ConversationState::closed;
    Seq last_seq = 0;
    std::optional<Time> closed_at;
    PublicId visitor;
    std::string visitor_name;
};

// What was found, in one question: nothing found leads to another. Whatever was asked and is not in
// here does not exist.
struct Facts {
    LookUp asked;
    std::vector<SentMessage> messages;  // several senders may have used one id
    std::vector<StoredVisitor> visitors;
    std::vector<StoredConversation> conversations;
    std::vector<Block> blocks;  // lifted ones as well
};

}  // namespace switchboard
