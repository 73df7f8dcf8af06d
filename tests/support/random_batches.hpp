#pragma once

#include <map>
#include <random>

#include "domain/facts.hpp"
#include "tenants/tenant_log.hpp"

namespace switchboard {

// Makes batches as an engine might, and some that no engine should: client ids and seqs that are
// used already, agents beyond their slots, a second agent for a conversation, claims that are not
// open, blocks that were lifted, logins of others, texts that cannot be stored. The same seed and
// the same answers give the same batches.
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
    // The batch in the making, and the tenant as it will be.
    struct Draft {
        Batch batch;
        TenantState state;

        Pos next_pos() { return batch.fence.pos + ++batch.positions; }
        void add(Record record) { batch.records.push_back(std::move(record)); }
    };

    void add_start(Draft& draft);
    void add_entry(Draft& draft, OpenConversation& talk);
    void add_pointer(Draft& draft, const OpenConversation& talk);
    void add_claim(Draft& draft, OpenConversation& talk);
    void add_change(Draft& draft, OpenConversation& talk);
    void add_close(Draft& draft, OpenConversation& talk);

    // In random_people.cpp.
    void add_people(Draft& draft, const OpenConversation& talk);  // one of the following
    void add_limits(Draft& draft);
    void add_total(Draft& draft);
    void add_presence(Draft& draft);
    void add_attendance(Draft& draft);
    void add_block(Draft& draft, const OpenConversation& talk);
    void add_lift(Draft& draft);
    void add_missed(Draft& draft, const OpenConversation& talk);
    void add_form(Draft& draft, const OpenConversation& talk);
    void add_rating(Draft& draft, const OpenConversation& talk);

    // In random_configuration.cpp.
    void add_configuration(Draft& draft);  // one of the following
    void add_account(Draft& draft);
    void add_group(Draft& draft);
    void add_site(Draft& draft);
    void add_settings(Draft& draft);

    void spoil(Draft& draft);

    Entry entry_of(Draft& draft, OpenConversation& talk, Person author);
    AgentId any_agent(const TenantState& state);
    Person anybody(const TenantState& state);
    Channel any_channel() { return once_in(3) ? Channel::messaging : Channel::chat; }
    std::vector<GroupId> any_groups(const TenantState& state);
    Time now() const { return Time(Time::duration(microseconds_)); }
    std::optional<Time> maybe_now();
    std::string any_text();
    std::vector<std::string> any_texts();
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
