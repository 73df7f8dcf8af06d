#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "domain/facts.hpp"
#include "domain/record.hpp"
#include "domain/tenant_state.hpp"
#include "support/stored_history.hpp"
#include "tenants/tenant_log.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

// The rows of one tenant in a MemoryDatabase, and what its tables refuse. No locking of its own.
struct MemoryTenant {
    struct Talk {
        Conversation row;
        std::vector<Entry> entries;  // ascending by seq
        std::map<Person, Pointer> pointers;
        ClaimId active;  // the open claim that assigns an agent; 0: none
    };
    struct Slots {
        AgentChannel row;
        int active = 0;  // open claims
    };
    using AgentOnChannel = std::pair<AgentId, Channel>;

    // Stores the records of a batch that passed the fence, or says why it cannot; then nothing
    // has changed.
    Commit store(const Batch& batch);

    TenantState load() const;
    Facts find(const LookUp& look_up) const;
    EntryPage read(const PageRequest& request) const;
    StoredHistory history() const;

    TenantState configuration;  // id, retention, settings, groups, sites, agents but their channels
    std::map<AgentOnChannel, Slots> slots;
    std::map<AgentId, int> totals;  // limits over all channels, where there is one
    std::map<AgentId, Pos> idle_pos;
    std::map<AgentId, std::string> password_hashes;

    Incarnation holder;  // 0: nobody
    std::int64_t epoch = 0;
    Pos log_pos = 0;

    std::map<VisitorId, VisitorRecord> visitors;
    std::map<PublicId, VisitorId> visitor_ids;
    std::map<ConversationId, Talk> talks;
    std::map<PublicId, ConversationId> talk_ids;
    std::set<ConversationId> open_talks;
    std::map<ClaimId, ClaimRecord> claims;  // as last changed
    std::set<ClaimId> open_claims;
    std::vector<SentMessage> sent;  // ascending by id, then sender
    Pos last_entry_pos = 0;
    Time last_at{};

    std::map<BlockId, Block> blocks;      // lifted ones as well
    std::map<BlockId, LiftRecord> lifts;  // of those that were lifted
    std::map<ConversationId, FormRecord> forms;
    std::map<ConversationId, RatingRecord> ratings;
    std::vector<PresenceRecord> presence;
    std::vector<MissedRecord> missed;

private:
    struct Changes;  // a batch, folded; see memory_tenant_changes.hpp
    struct Load {    // what a batch does to the slots of an agent
        int fresh = 0;
        int returned = 0;
        int released = 0;
    };

    const Agent* agent(AgentId id) const;
    bool has_sent(const Entry& entry) const;
    bool has_groups(const Changes& changes, const std::vector<GroupId>& ids) const;
    int open_claims_of(AgentId agent) const;

    // Why the tables would refuse the batch.
    std::optional<Commit> objection(const Changes& changes) const;
    std::optional<Commit> objection_to_configuration(const Changes& changes,
                                                     Commit used_twice) const;
    std::optional<Commit> objection_to_blocks(const Changes& changes, Commit used_twice) const;
    static bool texts_are_storable(const Changes& changes);
    bool claims_are_open(const Changes& changes) const;
    bool is_one_active(const Changes& changes) const;
    bool slots_fit(const Changes& changes) const;
    bool fits(const Changes& changes, AgentOnChannel key, const Load& load) const;
    bool fits(const Changes& changes, AgentId agent, const Load& load) const;
    bool people_are_there(const Changes& changes) const;
    bool rows_are_new(const Changes& changes) const;

    void apply(const Changes& changes);
    void apply_configuration(const Changes& changes);
    void apply_claims(const Changes& changes);
    void apply_people(const Changes& changes);
    void apply(const ClaimRecord& claim);
    void apply(const Entry& entry);
    void apply(const Account& account);

    TimelineSummary summary_of(const Talk& talk) const;
    OpenConversation open_conversation(const Talk& talk) const;
    StoredConversation stored_conversation(const Talk& talk) const;
    PersonView view_of(const Person& person) const;
};

}  // namespace switchboard
