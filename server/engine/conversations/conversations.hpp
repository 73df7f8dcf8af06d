#pragma once

#include <boost/unordered/unordered_flat_map.hpp>

#include <map>
#include <utility>

#include "domain/facts.hpp"
#include "domain/tenant_state.hpp"

namespace switchboard {

// An open conversation in memory.
struct OpenTalk {
    OpenConversation open;
    ClaimId claim;  // of its agent's slot; 0 when it holds none

    // Whose it is, active or inactive; 0 while it is queued.
    AgentId agent() const { return open.conversation.agent; }

    ConversationAccess access(TenantId tenant) const {
        return {tenant, open.conversation.visitor, agent(), false};
    }
};

// The open conversations of the tenant.
class Conversations {
public:
    Conversations() = default;
    Conversations(Conversations&&) = default;  // not copied: the tables point into the map
    Conversations& operator=(Conversations&&) = default;

    OpenTalk& add(OpenTalk talk);
    void remove(ConversationId id);

    // Nothing: not open.
    OpenTalk* find(ConversationId id);
    const OpenTalk* find(ConversationId id) const;
    OpenTalk* find(const PublicId& public_id);
    const OpenTalk* find(const PublicId& public_id) const;
    const OpenTalk* find(VisitorId visitor, Channel channel) const;

    const std::map<ConversationId, OpenTalk>& all() const { return talks_; }

private:
    struct VisitorHash {
        std::size_t operator()(const std::pair<VisitorId, Channel>& key) const {
            return IdHash()(key.first) * 4 + static_cast<std::size_t>(key.second);
        }
    };
    std::map<ConversationId, OpenTalk> talks_;
    boost::unordered_flat_map<ConversationId, OpenTalk*, IdHash> by_id_;
    boost::unordered_flat_map<PublicId, OpenTalk*, IdHash> by_public_id_;
    boost::unordered_flat_map<std::pair<VisitorId, Channel>, OpenTalk*, VisitorHash> by_visitor_;
};

}  // namespace switchboard
