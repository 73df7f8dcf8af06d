#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "domain/record.hpp"
#include "domain/tenant_state.hpp"

namespace switchboard {

// Reads the records of a tenant in the order of their positions, as an auditor would, and says
// which promise they break: P4 (one agent), P5 (never above the limit), P10 (lowest ticket first),
// P2 (no gap). Knows nothing of the engine.
class Ledger {
public:
    explicit Ledger(const TenantState& configuration);

    // The records of one stored batch. Returns the first broken promise.
    std::optional<std::string> read(std::vector<Record> records);

    Pos head() const { return head_; }

private:
    using Broken = std::optional<std::string>;
    Broken read(const ClaimRecord& claim);
    Broken read(const Entry& entry);
    void read(const ConversationRecord& record);
    bool waits_longer(const Conversation& taken, AgentId agent) const;
    bool serves(AgentId agent, SiteId site) const;

    struct Limit {
        int max = 0;
        int used = 0;
    };
    std::map<SiteId, std::vector<GroupId>> sites_;
    std::map<AgentId, std::vector<GroupId>> agents_;
    std::map<std::pair<AgentId, Channel>, Limit> limits_;
    std::map<ConversationId, Conversation> conversations_;
    std::map<ConversationId, ClaimId> claims_;  // open
    std::map<ConversationId, Seq> seqs_;
    std::set<Pos> positions_;  // of this batch
    Pos head_ = 0;
};

}  // namespace switchboard
