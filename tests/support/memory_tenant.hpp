#pragma once

#include <map>
#include <set>
#include <utility>
#include <vector>

#include "domain/facts.hpp"
#include "domain/record.hpp"
#include "domain/tenant_state.hpp"
#include "tenants/tenant_log.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

// The rows of one tenant in a MemoryDatabase, and what its tables refuse. No locking of its own.
struct MemoryTenant {
    struct Talk {
        Conversation row;
        std::vector<Entry> entries;  // ascending by seq
        std::map<Person, Pointer> pointers;
        ClaimId active;         // the open claim that assigns an agent; 0: none
        AgentId assigned_last;  // by the claim that became active last
        Pos assigned_last_pos = 0;
    };
    struct Slots {
        AgentChannel limit;
        int active = 0;  // open claims
    };
    using AgentOnChannel = std::pair<AgentId, Channel>;

    // Stores the records of a batch that passed the fence, or says why it cannot; then nothing
    // has changed.
    Commit store(const Batch& batch);

    TenantState load() const;
    Facts find(const LookUp& look_up) const;
    EntryPage read(const PageRequest& request) const;

    TenantState configuration;  // id, retention, sites, agents without their channels
    std::map<AgentOnChannel, Slots> slots;
    std::map<AgentId, Pos> idle_pos;

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

private:
    struct Changes;

    Changes fold(const Batch& batch) const;
    bool has_sent(const Entry& entry) const;
    std::optional<Commit> objection(const Changes& changes) const;
    bool texts_are_storable(const Changes& changes) const;
    bool claims_are_open(const Changes& changes) const;
    bool is_one_active(const Changes& changes) const;
    bool slots_fit(const Changes& changes) const;
    bool rows_are_new(const Changes& changes) const;

    void apply(const Changes& changes);
    void apply(const ClaimRecord& claim);
    void apply(const Entry& entry);

    TimelineSummary summary_of(const Talk& talk) const;
    OpenConversation open_conversation(const Talk& talk) const;
    StoredConversation stored_conversation(const Talk& talk) const;
    PersonView view_of(const Person& person) const;
};

}  // namespace switchboard
