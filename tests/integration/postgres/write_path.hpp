#pragma once

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "postgres/connection_pool.hpp"
#include "postgres/owner_table.hpp"
#include "postgres/tenant_log.hpp"
#include "support/await_result.hpp"

namespace switchboard {

inline constexpr AgentId ann{11};
inline constexpr AgentId bob{12};

// Makes the batches of one tenant that this process owns, as an engine would: pos, seq and ids go
// up by themselves. A copy goes on from where the original was, as an owner with stale memory does.
class Writer {
public:
    Writer(TenantId tenant, std::int64_t epoch) : tenant_(tenant), epoch_(epoch) {}

    Writer& start_conversation();  // of a new visitor; what follows is about it
    Writer& entry(const std::string& body = "hello");
    Writer& entry_as(const ClientMessageId& id, const std::string& body = "hello");
    Writer& claim(AgentId agent, Admission admission = Admission::new_work);
    Writer& release();  // the claim of the conversation
    Writer& limits(AgentId agent, int slots_max);
    Writer& point(Seq delivered, Seq seen);

    // What was gathered since the last call. It counts as stored: what comes next lies behind it.
    Batch batch();

    TenantId tenant() const { return tenant_; }
    Pos pos() const { return pos_; }
    ConversationId conversation() const { return conversation_.id; }

private:
    TenantId tenant_;
    std::int64_t epoch_;
    Pos head_ = 0;
    Pos pos_ = 0;
    Seq seq_ = 0;
    std::int64_t message_ = 0;
    Conversation conversation_;
    ClaimRecord claim_;
    std::vector<Record> records_;
};

// A migrated database, a process that owns tenants in it, and its log.
class WritePath : public testing::Test {
protected:
    WritePath();
    ~WritePath() override;

    // A tenant with the agents ann and bob, with room for `slots` each on chat; owned by `me`.
    Writer add_tenant(int slots = 1);
    std::int64_t take(TenantId tenant, Incarnation as);

    // A log of the process `me`; `connection` leads to the database, perhaps through a proxy.
    std::unique_ptr<PostgresTenantLog> log(
        const std::string& connection,
        std::chrono::milliseconds answer_within = std::chrono::seconds(30));

    // All at once, so that they may ride in one statement.
    std::vector<Commit> commit(PostgresTenantLog& log, const std::vector<Batch>& batches);
    Commit commit(PostgresTenantLog& log, const Batch& batch);
    // The batch must outlive it.
    std::future<Commit> commit_later(PostgresTenantLog& log, const Batch& batch);
    // Every commit_later() waits in the log by then.
    void await_begun();

    std::int64_t number(const std::string& query);
    // Asks again until the answer is `wanted`.
    void await_number(const std::string& query, std::int64_t wanted);

    // Until that many connections of this database wait for a lock.
    void await_lock_waits(int wanted);

    std::string database_;
    pqxx::connection sql_;
    ConnectionPool pool_;
    Incarnation me_;

private:
    std::int64_t tenants_ = 0;
    boost::asio::io_context loop_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        loop_.get_executor()};
    std::jthread thread_;
};

Incarnation process(std::uint8_t number);
ClientMessageId message_id(std::int64_t number);

}  // namespace switchboard
