#include <algorithm>

#include "conformance/tenant_writer.hpp"
#include "support/random_batches.hpp"

namespace switchboard {
namespace {

constexpr TenantId tenant{1};
const Incarnation me = process(1);

// One storage of two that live through the same history.
struct Side {
    explicit Side(std::unique_ptr<Storage> made) : storage(std::move(made)) {
        const auto seed = seed_tenant(tenant.value);
        storage->configure(seed);
        (void)storage->leases(me).enlist(std::nullopt);
        epoch = await_result(storage->owners(me).take(tenant)).value()->epoch;
        log = &storage->log(me);
    }

    Commit commit(const Batch& batch) { return await_result(log->commit(batch)); }
    TenantState load() { return await_result(storage->tenants().load(tenant)).value(); }
    StoredHistory history() { return storage->history(tenant); }
    Facts find(const LookUp& look_up) {
        return await_result(storage->tenants().find(tenant, look_up)).value();
    }
    EntryPage read(const PageRequest& request) {
        return await_result(storage->tenants().read(request)).value();
    }

    std::unique_ptr<Storage> storage;
    std::int64_t epoch = 0;
    TenantLog* log = nullptr;
};

void expect_equal(const TenantState& left, const TenantState& right) {
    EXPECT_EQ(left.log_pos, right.log_pos);
    EXPECT_EQ(left.last_at, right.last_at);
    EXPECT_EQ(left.settings, right.settings);
    EXPECT_EQ(left.groups, right.groups);
    EXPECT_EQ(left.sites, right.sites);
    EXPECT_EQ(left.agents, right.agents);
    EXPECT_EQ(left.claims, right.claims);
    EXPECT_EQ(left.blocks, right.blocks);
    EXPECT_EQ(left.sent, right.sent);
    ASSERT_EQ(left.conversations.size(), right.conversations.size());
    for (std::size_t i = 0; i < left.conversations.size(); ++i) {
        const auto& a = left.conversations[i];
        const auto& b = right.conversations[i];
        EXPECT_EQ(a.conversation, b.conversation);
        EXPECT_EQ(a.summary, b.summary) << "conversation " << a.conversation.id.value;
        EXPECT_EQ(a.pointers, b.pointers);
        EXPECT_EQ(a, b);
    }
    EXPECT_EQ(left, right);
}

void expect_equal(const Facts& left, const Facts& right) {
    EXPECT_EQ(left.messages, right.messages);
    EXPECT_EQ(left.visitors, right.visitors);
    EXPECT_EQ(left.blocks, right.blocks);
    ASSERT_EQ(left.conversations.size(), right.conversations.size());
    for (std::size_t i = 0; i < left.conversations.size(); ++i) {
        const auto& a = left.conversations[i];
        const auto& b = right.conversations[i];
        EXPECT_EQ(a.public_id, b.public_id);
        EXPECT_EQ(a.id, b.id);
        EXPECT_EQ(a.access.tenant, b.access.tenant);
        EXPECT_EQ(a.access.visitor, b.access.visitor);
        EXPECT_EQ(a.access.agent, b.access.agent) << "conversation " << a.id.value;
        EXPECT_EQ(a.state, b.state);
        EXPECT_EQ(a.last_seq, b.last_seq);
        EXPECT_EQ(a.closed_at, b.closed_at);
        EXPECT_EQ(a.visitor, b.visitor);
        EXPECT_EQ(a.visitor_name, b.visitor_name);
    }
}

// Lives through random batches on the fake and on PostgreSQL: they must accept and refuse the same
// ones and then say the same of everything. Replay one: --gtest_filter='*/SameHistory.*/7'
class SameHistory : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SameHistory, LooksTheSameFromTheFakeAndFromPostgres) {
    Side memory(memory_storage());
    Side postgres(postgres_storage());
    RandomBatches random(GetParam());
    int stored = 0;
    int refused = 0;

    for (int step = 0; step < 150; ++step) {
        const TenantState state = memory.load();
        const Batch batch = random.next(state, memory.epoch);
        const Commit commit = memory.commit(batch);
        ASSERT_EQ(commit, postgres.commit(batch)) << "step " << step;
        if (commit == Commit::stored) random.stored();
        ++(commit == Commit::stored ? stored : refused);

        if (step % 5 == 0) {
            expect_equal(memory.load(), postgres.load());
            EXPECT_EQ(memory.history(), postgres.history());
            ASSERT_FALSE(HasFailure()) << "step " << step;
        }
        const LookUp look_up = random.look_up(state);
        expect_equal(memory.find(look_up), postgres.find(look_up));
        ASSERT_FALSE(HasFailure()) << "step " << step;
        PageRequest request;
        request.tenant = tenant;
        request.conversation.value = random.below(static_cast<int>(state.log_pos) + 2);
        if (!state.conversations.empty() && !random.once_in(4))
            request.conversation = state
                                       .conversations[static_cast<std::size_t>(random.below(
                                           static_cast<int>(state.conversations.size())))]
                                       .conversation.id;
        request.after = random.below(4);
        request.limit = 1 + random.below(12);
        request.audience = random.once_in(2) ? Visibility::all : Visibility::agents;
        const EntryPage left = memory.read(request);
        const EntryPage right = postgres.read(request);
        ASSERT_EQ(left.entries, right.entries) << "step " << step;
        ASSERT_EQ(left.more, right.more) << "step " << step;
    }
    EXPECT_GT(stored, 50);
    EXPECT_GT(refused, 5);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SameHistory, testing::Range<std::uint64_t>(1, 9));

// Two messages with the client id `number`: the window of ids may have to part them.
void add_pair(TenantWriter& writer, std::vector<Record>& records, ConversationId id, int number) {
    const Pos after = writer.pos() + static_cast<Pos>(records.size());
    for (const auto kind : {PersonKind::visitor, PersonKind::agent}) {
        const Seq seq = static_cast<Seq>(after - 1 + (kind == PersonKind::agent ? 1 : 0));
        Entry entry = message(id, seq, {kind, 11}, 1);
        entry.client_message_id->bytes[13] = 1;
        entry.client_message_id->bytes[14] = static_cast<std::uint8_t>(number >> 8);
        entry.client_message_id->bytes[15] = static_cast<std::uint8_t>(number);
        records.emplace_back(entry);
    }
}

class TenantStoreOn : public OnStorage {
protected:
    void SetUp() override {
        OnStorage::SetUp();
        storage_->configure(seed_tenant(tenant.value));
        ASSERT_TRUE(storage_->leases(me).enlist(std::nullopt));
    }
};

TEST_P(TenantStoreOn, LoadsTheHighestClientIdsAndTheFirstItLeavesOut) {
    TenantWriter writer(storage_->log(me), storage_->owners(me), tenant);
    const auto id = writer.start(1);
    constexpr int pairs = static_cast<int>(sent_window_max) / 2 + 50;
    for (int done = 0; done < pairs;) {
        std::vector<Record> records;
        for (; done < pairs && records.size() < 200; ++done)
            add_pair(writer, records, id, done * 7919 % pairs);  // every number once, in disorder
        ASSERT_EQ(writer.commit(std::move(records)), Commit::stored);
    }

    const auto state = await_result(storage_->tenants().load(tenant)).value();
    ASSERT_EQ(state.sent.size(), sent_window_max);
    EXPECT_TRUE(std::ranges::is_sorted(
        state.sent, {}, [](const SentMessage& sent) { return std::pair(sent.id, sent.sender); }));
    const auto number_of = [](const ClientMessageId& client_id) {
        return client_id.bytes[14] * 256 + client_id.bytes[15];
    };
    EXPECT_EQ(number_of(state.sent.back().id), pairs - 1);
    EXPECT_EQ(number_of(state.sent.front().id), 50);
    EXPECT_EQ(state.sent.front().sender.kind, PersonKind::visitor);
    ASSERT_TRUE(state.sent_before);
    EXPECT_EQ(number_of(*state.sent_before), 49);
}

TEST_P(TenantStoreOn, SaysThatThereIsNoSuchTenant) {
    EXPECT_TRUE(await_result(storage_->tenants().load(TenantId{99})).has_error());
    EXPECT_TRUE(await_result(storage_->tenants().read({TenantId{99}, ConversationId{1}}))
                    .value()
                    .entries.empty());
    EXPECT_TRUE(await_result(storage_->tenants().read({tenant, ConversationId{99}}))
                    .value()
                    .entries.empty());
}

SWITCHBOARD_ON_EVERY_STORAGE(TenantStoreOn);

}  // namespace
}  // namespace switchboard
