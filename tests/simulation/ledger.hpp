#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "domain/record.hpp"
#include "domain/tenant_state.hpp"

namespace switchboard {

// Reads the records of a tenant in the order of their positions, as an auditor would, and says
// which promise they break: P4 (one agent), P5 (never above the limit of its kind), P6 (nothing of
// a blocked visitor), P7 (never lost before the grace time), P10 (lowest ticket first), P2 (no
// gap). Knows nothing of the engine.
class Ledger {
public:
    explicit Ledger(const TenantState& configuration);

    // The records of one stored batch. Returns the first broken promise.
    std::optional<std::string> read(std::vector<Record> records);

    // An owner began anew: who is not known to be reconnecting may have been lost before that is
    // stored.
    void rebuilt();

    Pos head() const { return head_; }

private:
    using Broken = std::optional<std::string>;
    struct Limit {
        int max = 0;
        int hard_max = 0;
        int used = 0;
    };
    struct Total {
        int max = 0;  // 0: none
        int used = 0;
    };
    struct Watched {
        Colour colour;
        Time reconnecting_since;
        bool lost_earlier = false;  // than it says; until he is seen connected
    };

    Broken read(const ClaimRecord& claim);
    Broken take(const ClaimRecord& claim);
    Broken read(const Entry& entry);
    Broken read(const ConversationRecord& record);
    Broken read(const PresenceRecord& record);
    Broken read(const LimitRecord& record);
    Broken read(const TotalLimitRecord& record);
    Broken read(const BlockRecord& record);
    Broken read(const LiftRecord& record);
    Broken read(const AccountRecord& record);
    Broken read(const SiteRecord& record);
    Broken read(const auto&) { return std::nullopt; }

    bool is_in_turn(const ClaimRecord& claim) const;
    bool waits_longer(const Conversation& taken, AgentId agent) const;
    bool serves(AgentId agent, SiteId site) const;

    std::map<SiteId, std::vector<GroupId>> sites_;
    std::map<AgentId, std::vector<GroupId>> agents_;
    std::map<std::pair<AgentId, Channel>, Limit> limits_;
    std::map<AgentId, Total> totals_;
    std::map<std::pair<AgentId, Channel>, Watched> colours_;
    std::map<ConversationId, Conversation> conversations_;
    std::map<ConversationId, ClaimId> claims_;  // open
    std::map<ConversationId, Seq> seqs_;
    std::map<BlockId, VisitorId> blocks_;
    std::set<ConversationId> by_hand_;  // claimed so in this batch
    std::chrono::seconds grace_{};
    Pos head_ = 0;
};

}  // namespace switchboard
