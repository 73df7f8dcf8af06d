#pragma once

#include <map>
#include <random>

#include "domain/facts.hpp"
#include "tenants/tenant_log.hpp"

namespace switchboard {

// Makes batches as an engine might, and some that no engine should: client ids and seqs that are
// used already, agents beyond their slots, a second agent for a conversation, claims that are not
// open, texts that cannot be stored. The same seed and the same answers give the same batches.
class RandomBatches {
public:
    explicit RandomBatches(std::uint64_t seed) : random_(seed) {}

    // A batch for the tenant as it is stored, with 1 to about 20 records.
    Batch next(const TenantState& state, std::int64_t epoch);

    // The last batch was stored.
    void stored() { claims_ = claims_then_; }

    // What one may look up: some of it exists.
    LookUp look_up(const TenantState& state);

    // 0 .. bound - 1.
    int below(int bound);
    bool once_in(int n) { return below(n) == 0; }

private:
    struct Draft;

    void add_start(Draft& draft);
    void add_entry(Draft& draft, OpenConversation& talk);
    void add_pointer(Draft& draft, const OpenConversation& talk);
    void add_claim(Draft& draft, OpenConversation& talk);
    void add_change(Draft& draft, OpenConversation& talk);
    void add_close(Draft& draft, OpenConversation& talk);
    void add_limits(Draft& draft);
    void spoil(Draft& draft);

    Entry entry_of(Draft& draft, OpenConversation& talk, Person author);
    AgentId any_agent(const TenantState& state);
    std::string any_text();
    ClientMessageId any_message_id();
    PublicId any_public_id();

    std::mt19937_64 random_;
    std::map<ClaimId, ClaimRecord> claims_;       // open ones, as stored
    std::map<ClaimId, ClaimRecord> claims_then_;  // once the last batch is stored
    std::vector<PublicId> visitors_;              // every public id ever minted, in order
    std::vector<PublicId> talks_;
    std::int64_t microseconds_ = 1'700'000'000'000'000;  // the time of the next entry
};

}  // namespace switchboard
