#include "integration/postgres/write_path.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include "domain/text.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace asio = boost::asio;
namespace {

constexpr Time start_of_time{std::chrono::seconds(1'700'000'000)};

PublicId public_id(std::int64_t number) {
    PublicId id;
    id.bytes[0] = 0xA0;
    for (std::size_t i = 0; i < 8; ++i)
        id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    return id;
}

}  // namespace

Incarnation process(std::uint8_t number) {
    Incarnation incarnation;
    incarnation.bytes[0] = 0xEE;
    incarnation.bytes[15] = number;
    return incarnation;
}

ClientMessageId message_id(std::int64_t number) {
    ClientMessageId id{public_id(number).bytes};
    id.bytes[6] = 0x70;
    return id;
}

Writer& Writer::start_conversation() {
    VisitorRecord visitor;
    visitor.id = VisitorId{++pos_};
    visitor.public_id = public_id(pos_);
    visitor.name = "Vera";
    visitor.created_at = start_of_time;
    records_.emplace_back(visitor);

    conversation_ = {};
    conversation_.id = ConversationId{++pos_};
    conversation_.public_id = public_id(pos_);
    conversation_.visitor = visitor.id;
    conversation_.site = SiteId{1};
    conversation_.ticket = pos_;
    conversation_.opened_at = start_of_time;
    records_.emplace_back(ConversationRecord{pos_, conversation_});
    seq_ = 0;
    return *this;
}

Writer& Writer::entry(const std::string& body) { return entry_as(message_id(++message_), body); }

Writer& Writer::entry_as(const ClientMessageId& id, const std::string& body) {
    Entry entry;
    entry.conversation = conversation_.id;
    entry.pos = ++pos_;
    entry.seq = ++seq_;
    entry.author = person(conversation_.visitor);
    entry.at = start_of_time + std::chrono::microseconds(pos_);
    entry.client_message_id = id;
    entry.body = body;
    records_.emplace_back(entry);
    return *this;
}

Writer& Writer::claim(AgentId agent, Admission admission) {
    claim_ = {};
    claim_.pos = ++pos_;
    claim_.id = ClaimId{pos_};
    claim_.agent = agent;
    claim_.conversation = conversation_.id;
    claim_.admission = admission;
    claim_.active_pos = pos_;
    records_.emplace_back(claim_);
    return *this;
}

Writer& Writer::release() {
    claim_.pos = ++pos_;
    claim_.admission = Admission::opened_earlier;
    claim_.to_pos = pos_;
    records_.emplace_back(claim_);
    return *this;
}

Writer& Writer::limits(AgentId agent, int slots_max) {
    LimitRecord limits;
    limits.pos = ++pos_;
    limits.agent = agent;
    limits.slots_max = slots_max;
    limits.slots_hard_max = slots_max;
    records_.emplace_back(limits);
    return *this;
}

Writer& Writer::point(Seq delivered, Seq seen) {
    const Person visitor = person(conversation_.visitor);
    records_.emplace_back(PointerRecord{{conversation_.id, visitor, delivered, seen}});
    return *this;
}

Batch Writer::batch() {
    Batch batch;
    batch.tenant = tenant_;
    batch.fence = {epoch_, head_};
    batch.positions = static_cast<int>(pos_ - head_);
    batch.records = std::move(records_);
    records_.clear();
    head_ = pos_;
    return batch;
}

WritePath::WritePath()
    : database_(fresh_database()),
      sql_(database_),
      pool_({database_, 1, 100}),
      me_(process(1)),
      thread_([this] { loop_.run(); }) {
    PostgresLeaseTable lease(database_, me_, "writer");
    EXPECT_TRUE(lease.enlist(std::nullopt));
}

WritePath::~WritePath() { work_.reset(); }

Writer WritePath::add_tenant(int slots) {
    const TenantId tenant{++tenants_};
    pqxx::work work(sql_);
    work.exec_params(
        "INSERT INTO tenant (tenant_id, public_id, name, tenant_key)"
        " VALUES ($1, $2, 'a tenant', $3)",
        tenant.value,
        to_text(public_id(tenant.value)),
        "tenant-" + std::to_string(tenant.value));
    for (const AgentId agent : {ann, bob}) {
        work.exec_params(
            "INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max,"
            " slots_hard_max) VALUES ($1, $2, 1, $3, $3)",
            tenant.value,
            agent.value,
            slots);
    }
    work.commit();
    return {tenant, take(tenant, me_)};
}

std::int64_t WritePath::take(TenantId tenant, Incarnation as) {
    PostgresOwnerTable owners(pool_, as);
    const auto taken = await_result(owners.take(tenant));
    return taken && *taken ? (*taken)->epoch : 0;
}

std::unique_ptr<PostgresTenantLog> WritePath::log(const std::string& connection,
                                                  std::chrono::milliseconds answer_within) {
    PostgresTenantLog::Settings settings;
    settings.connection = connection;
    settings.incarnation = me_;
    settings.answer_within = answer_within;
    return std::make_unique<PostgresTenantLog>(settings);
}

std::future<Commit> WritePath::commit_later(PostgresTenantLog& log, const Batch& batch) {
    return asio::co_spawn(loop_, log.commit(batch), asio::use_future);
}

void WritePath::await_begun() { asio::post(loop_, asio::use_future).get(); }

std::vector<Commit> WritePath::commit(PostgresTenantLog& log, const std::vector<Batch>& batches) {
    std::vector<std::future<Commit>> futures;
    for (const Batch& batch : batches)
        futures.push_back(commit_later(log, batch));
    std::vector<Commit> commits;
    for (auto& future : futures)
        commits.push_back(future.get());
    return commits;
}

Commit WritePath::commit(PostgresTenantLog& log, const Batch& batch) {
    return commit_later(log, batch).get();
}

std::int64_t WritePath::number(const std::string& query) {
    pqxx::nontransaction session(sql_);
    return session.exec1(query)[0].as<std::int64_t>();
}

void WritePath::await_number(const std::string& query, std::int64_t wanted) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (number(query) != wanted) {
        ASSERT_LT(std::chrono::steady_clock::now(), until) << query;
        std::this_thread::yield();
    }
}

void WritePath::await_lock_waits(int wanted) {
    await_number(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()",
        wanted);
}

}  // namespace switchboard
