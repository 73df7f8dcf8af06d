#include "postgres/archive.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "domain/text.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/text_array.hpp"
#include "support/await_result.hpp"
#include "support/memory_archive.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

constexpr TenantId ours{1}, theirs{2};

PublicId public_id(std::uint8_t kind, std::int64_t number) {
    PublicId id;
    id.bytes = {0xAC, kind};
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}

Time at(std::int64_t seconds) { return Time(std::chrono::seconds(1'700'000'000 + seconds)); }

// Conversations 1 to 6: by turns on the sites 1 and 2, with the agents 0, 1 and 2, the even closed.
StoredTalk talk(std::int64_t id) {
    StoredTalk talk;
    Conversation& row = talk.conversation;
    row.id.value = id;
    row.public_id = public_id(1, id);
    row.visitor.value = 9;
    row.site.value = 1 + id % 2;
    row.agent.value = id % 3;
    row.ticket = id;
    row.state = id % 2 == 0 ? ConversationState::closed : ConversationState::active;
    row.opened_at = at(id);
    row.queued_at = at(id);
    if (row.agent) {
        row.assigned_at = at(id + 1);
        row.joined_at = at(id + 2);
        talk.agent = {person(row.agent), public_id(2, id % 3), "An agent"};
    }
    if (id % 2 == 0) {
        row.closed_at = at(id + 3);
        row.closed_by = person(row.visitor);
        row.close_reason = CloseReason::visitor;
    }
    talk.visitor = {person(row.visitor), public_id(3, 9), "Vera é"};
    talk.site_key = "site-" + std::to_string(row.site.value);
    if (id == 4) talk.form = {{"a \"b\"", "é,c"}, "He likes blue", at(50)};
    if (id == 4 || id == 6) talk.rating = {static_cast<int>(id) - 1, "Thänks", at(60)};
    return talk;
}

// Blocks 1 to 3: in force, lifted, expired. The key that made the second has the number of the
// agent who made the others.
StoredBlock block(std::int64_t id) {
    StoredBlock stored;
    stored.block.id.value = id;
    stored.block.public_id = public_id(4, id);
    stored.block.visitor.value = 9;
    stored.block.visitor_public_id = public_id(3, 9);
    stored.block.visitor_name = "Vera é";
    stored.block.by = {id == 2 ? PersonKind::site : PersonKind::manager, 1};
    stored.block.reason = "spam";
    stored.block.at = at(id);
    if (id == 2) stored.lifted_at = at(20);
    if (id == 3) stored.lifted_at = stored.block.expires_at = at(30);
    stored.by_name = id == 2 ? "A program" : "An agent";
    stored.hits = id == 1 ? 4 : id == 2 ? 2 : 3;
    stored.by_public_id = id == 2 ? public_id(6, 1) : public_id(2, 1);
    return stored;
}

std::optional<std::int64_t> micros(const std::optional<Time>& time) {
    if (!time) return std::nullopt;
    return time->time_since_epoch().count();
}

#define TIME(parameter) "timestamptz 'epoch' + " parameter "::bigint * interval '1 microsecond'"

void store(pqxx::work& work, const StoredTalk& talk) {
    const Conversation& row = talk.conversation;
    std::optional<int> closed_by;
    if (row.closed_by) closed_by = static_cast<int>(row.closed_by->kind);
    work.exec_params(
        "INSERT INTO conversation (tenant_id, conversation_id, public_id, visitor_id, site_id, pos,"
        " ticket, channel, state, agent_id, close_reason, closed_by_kind, closed_by_id, opened_at,"
        " queued_at, assigned_at, joined_at, closed_at)"
        " VALUES (1, $1, $2, 9, $3, $1, $1, 1, $4, $5, $6, $7::smallint,"
        "  CASE WHEN $7::smallint IS NOT NULL THEN 9 END, " TIME("$8") ", " TIME("$8") ", " TIME(
            "$9") ", " TIME("$10") ", " TIME("$11") ")",
        row.id.value,
        to_text(row.public_id),
        row.site.value,
        static_cast<int>(row.state),
        row.agent.value,
        static_cast<int>(row.close_reason),
        closed_by,
        micros(row.opened_at),
        micros(row.assigned_at),
        micros(row.joined_at),
        micros(row.closed_at));
    if (talk.form)
        work.exec_params(
            "INSERT INTO conversation_form"
            " VALUES (1, $1, 1, 1, " TIME("$2") ", 2, $3, $4)",
            row.id.value,
            micros(talk.form->at),
            to_text_array(talk.form->tags),
            talk.form->note);
    if (talk.rating)
        work.exec_params(
            "INSERT INTO conversation_rating VALUES (1, $1, 1, " TIME("$2") ", $3, $4)",
            row.id.value,
            micros(talk.rating->at),
            talk.rating->stars,
            talk.rating->comment);
}

void store(pqxx::work& work, const StoredBlock& stored) {
    const Block& block = stored.block;
    const auto lifted_at = block.expires_at ? std::nullopt : micros(stored.lifted_at);
    const std::optional<int> lifted_pos = lifted_at ? std::optional(20) : std::nullopt;
    work.exec_params(
        "INSERT INTO block (tenant_id, block_id, public_id, visitor_id,"
        " visitor_public_id, by_id, by_kind, visitor_name, reason, at, expires_at,"
        " lifted_at, lifted_pos) VALUES (1, $1, $2, 9, $3, 1, $9, $4, $5, " TIME("$6") ", " TIME(
            "$7") ", " TIME("$8") ", $10)",
        block.id.value,
        to_text(block.public_id),
        to_text(block.visitor_public_id),
        block.visitor_name,
        block.reason,
        micros(block.at),
        micros(block.expires_at),
        lifted_at,
        static_cast<int>(block.by.kind),
        lifted_pos);
}

// A contact that a block turned away, or that met nobody.
void store_missed(pqxx::work& work, std::int64_t pos, std::int64_t visitor, int cause) {
    work.exec_params("INSERT INTO missed_contact VALUES (1, $1, 1, " TIME("$2") ", $3, 1, $4)",
                     pos,
                     micros(at(pos)),
                     to_text(public_id(3, visitor)),
                     cause);
}
#undef TIME

void store_all(const std::string& connection_string) {
    pqxx::connection connection(connection_string);
    pqxx::work work(connection);
    for (const std::int64_t id : {1, 2}) {
        const std::string name = "site-" + std::to_string(id);
        work.exec_params(
            "INSERT INTO tenant (tenant_id, public_id, name, tenant_key)"
            " VALUES ($1, $2, 'a tenant', $3)",
            id,
            to_text(public_id(5, id)),
            "tenant" + std::to_string(id));
        work.exec_params(
            "INSERT INTO site (tenant_id, site_id, site_key, name)"
            " VALUES (1, $1, $2, 'a site')",
            id,
            name);
        work.exec_params(
            "INSERT INTO agent (tenant_id, agent_id, public_id, login, password_hash,"
            " role, name) VALUES (1, $1, $2, $3, 'hash', 2, 'An agent')",
            id,
            to_text(public_id(2, id)),
            name);
    }
    work.exec_params(
        "INSERT INTO api_key (tenant_id, key_id, number, secret_sha256, name, scopes, created_at)"
        " OVERRIDING SYSTEM VALUE VALUES (1, $1, 1, '', 'A program', '{}', now())",
        to_text(public_id(6, 1)));
    work.exec_params(
        "INSERT INTO visitor VALUES (1, 9, $1, $2, now())", to_text(public_id(3, 9)), "Vera é");
    for (std::int64_t id = 1; id <= 6; ++id)
        store(work, talk(id));
    for (std::int64_t id = 1; id <= 3; ++id)
        store(work, block(id));
    store_missed(work, 10, 9, 3);
    store_missed(work, 12, 9, 3);
    store_missed(work, 15, 9, 1);
    store_missed(work, 16, 8, 3);
    store_missed(work, 25, 9, 3);  // the second was lifted at 20
    store_missed(work, 35, 9, 3);  // and the third expired at 30
    work.commit();
}

class ArchiveOn : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        if (GetParam() == "memory") {
            auto memory = std::make_unique<MemoryArchive>();
            for (std::int64_t id = 1; id <= 6; ++id)
                memory->put(ours, talk(id));
            for (std::int64_t id = 1; id <= 3; ++id)
                memory->put(ours, block(id));
            archive_ = std::move(memory);
        } else {
            const std::string connection = fresh_database();
            store_all(connection);
            pool_ = std::make_unique<ConnectionPool>(ConnectionPool::Settings{connection});
            archive_ = std::make_unique<PostgresArchive>(*pool_);
        }
    }

    std::vector<std::int64_t> ids(ConversationQuery query) {
        if (!query.tenant) query.tenant = ours;
        std::vector<std::int64_t> found;
        for (const auto& each : await_result(archive_->conversations(query)).value())
            found.push_back(each.conversation.id.value);
        return found;
    }

    std::unique_ptr<ConnectionPool> pool_;
    std::unique_ptr<Archive> archive_;
};

using Ids = std::vector<std::int64_t>;

TEST_P(ArchiveOn, ShowsAConversationAsStored) {
    ConversationQuery all;
    all.tenant = ours;
    const auto found = await_result(archive_->conversations(all)).value();
    ASSERT_EQ(found.size(), 6U);
    for (const auto& each : found)
        EXPECT_EQ(each, talk(each.conversation.id.value)) << each.conversation.id.value;
    const auto one = await_result(archive_->find_conversation(ours, public_id(1, 4))).value();
    EXPECT_EQ(one, talk(4));
    EXPECT_FALSE(await_result(archive_->find_conversation(theirs, public_id(1, 4))).value());
    EXPECT_FALSE(await_result(archive_->find_conversation(ours, public_id(1, 7))).value());
}

TEST_P(ArchiveOn, FindsConversationsByAllThatIsAskedFor) {
    ConversationQuery query;
    EXPECT_EQ(ids(query), (Ids{6, 5, 4, 3, 2, 1}));
    query.state = ConversationState::closed;
    EXPECT_EQ(ids(query), (Ids{6, 4, 2}));
    query.agent.value = 2;
    EXPECT_EQ(ids(query), Ids{2});
    query = {};
    query.state = ConversationState::active;
    EXPECT_EQ(ids(query), (Ids{5, 3, 1}));
    query.state = ConversationState::queued;
    EXPECT_EQ(ids(query), Ids{});
    query = {};
    query.site.value = 2;
    EXPECT_EQ(ids(query), (Ids{5, 3, 1}));
    query.from = at(3);
    EXPECT_EQ(ids(query), (Ids{5, 3}));
    query.to = at(5);
    EXPECT_EQ(ids(query), Ids{3});
    query = {};
    query.tenant = theirs;
    EXPECT_EQ(ids(query), Ids{});
}

TEST_P(ArchiveOn, GoesOnBelowAnId) {
    ConversationQuery query;
    query.limit = 2;
    EXPECT_EQ(ids(query), (Ids{6, 5}));
    query.before.value = 5;
    EXPECT_EQ(ids(query), (Ids{4, 3}));
    query.before.value = 1;
    EXPECT_EQ(ids(query), Ids{});
}

TEST_P(ArchiveOn, ListsBlocksInForceOrAll) {
    BlockQuery query;
    query.tenant = ours;
    const auto list = [&] { return await_result(archive_->blocks(query)).value(); };
    EXPECT_EQ(list(), std::vector{block(1)});
    query.with_lifted = true;
    EXPECT_EQ(list(), (std::vector{block(3), block(2), block(1)}));
    query.before.value = 3;
    query.limit = 1;
    EXPECT_EQ(list(), std::vector{block(2)});
    query.tenant = theirs;
    EXPECT_TRUE(list().empty());
}

TEST_P(ArchiveOn, FindsABlockInForceOrNot) {
    const auto find = [&](TenantId tenant, std::int64_t id) {
        return await_result(archive_->find_block(tenant, public_id(4, id))).value();
    };
    for (const std::int64_t id : {1, 2, 3})
        EXPECT_EQ(find(ours, id), block(id));
    EXPECT_EQ(find(ours, 4), std::nullopt);
    EXPECT_EQ(find(theirs, 1), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(On,
                         ArchiveOn,
                         testing::Values("memory", "postgres"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace switchboard
