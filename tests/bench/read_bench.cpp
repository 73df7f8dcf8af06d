#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <chrono>
#include <cstdio>

#include "postgres/connection_pool.hpp"
#include "postgres/tenant_store.hpp"
#include "support/await_result.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

// 10,000 conversations of 30 entries, the newest 2,000 open, half of these with an agent.
constexpr auto fill = R"(
INSERT INTO tenant (tenant_id, public_id, name, tenant_key)
  VALUES (1, gen_random_uuid(), 'bench', 'bench');
INSERT INTO agent (tenant_id, agent_id, public_id, login, password_hash, role, name)
  SELECT 1, g, gen_random_uuid(), g, '', 2, 'Agent ' || g FROM generate_series(1, 100) g;
INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max, slots_hard_max)
  SELECT 1, g, 1, 10, 10 FROM generate_series(1, 100) g;
INSERT INTO visitor SELECT 1, g, gen_random_uuid(), 'Visitor ' || g, now()
  FROM generate_series(1, 10000) g;
INSERT INTO conversation (tenant_id, conversation_id, public_id, visitor_id, site_id, pos, ticket,
                          opened_at, channel, state)
  SELECT 1, g, gen_random_uuid(), g, 1, g, g, now(), 1,
         CASE WHEN g <= 8000 THEN 0 ELSE 1 + g % 2 END
    FROM generate_series(1, 10000) g;
INSERT INTO entry (tenant_id, conversation_id, pos, seq, author_kind, author_id, at, content_hash,
                   kind, visibility, client_message_id, body)
  SELECT 1, c, 10000 + 30 * c + s, s, CASE s % 3 WHEN 0 THEN 2 ELSE 1 END, c, now(), 7, 1, 1,
         (lpad(to_hex(1700000000000 + 30 * c + s), 12, '0') || '7'
          || left(md5(c || ' ' || s), 19))::uuid, repeat('a hundred bytes ', 6)
    FROM generate_series(1, 10000) c, generate_series(1, 30) s;
INSERT INTO claim (tenant_id, claim_id, agent_id, conversation_id, active_pos, channel)
  SELECT 1, 1000000 + g, 1 + g % 100, g, 1000000 + g, 1 FROM generate_series(8001, 10000, 2) g;
INSERT INTO pointer (tenant_id, conversation_id, person_id, person_kind, delivered_seq, seen_seq)
  SELECT 1, g, 1 + g % 100, 2, 25, 25 FROM generate_series(8001, 10000) g;
)";

class ReadBench : public testing::Test {
protected:
    ReadBench() : server_(fresh_database()), pool_({server_, 1}), store_(pool_) {}

    void execute(const char* statements) {
        pqxx::connection connection(server_);
        pqxx::nontransaction(connection).exec(statements);
    }

    template <class Work>
    void measure(const char* what, Work work) {
        double best = 1e9;
        for (int i = 0; i < 10; ++i) {
            const auto start = std::chrono::steady_clock::now();
            work();
            const std::chrono::duration<double, std::milli> took =
                std::chrono::steady_clock::now() - start;
            best = std::min(best, took.count());
        }
        std::printf("%-40s best of 10: %8.2f ms\n", what, best);
    }

    void measure_all(const char* when) {
        std::printf("%s\n", when);
        TenantState state;
        measure("load, 2,000 open conversations",
                [&] { state = await_result(store_.load(TenantId{1})).value(); });
        ASSERT_EQ(state.conversations.size(), 2000U);
        ASSERT_EQ(state.sent.size(), sent_window_max);
        LookUp look_up;
        for (std::size_t i = 0; i < 200; ++i)
            look_up.messages.push_back(state.sent[i * 80].id);
        measure("find, 200 client ids",
                [&] { await_result(store_.find(TenantId{1}, look_up)).value(); });
        look_up.messages.resize(1);
        measure("find, 1 client id",
                [&] { await_result(store_.find(TenantId{1}, look_up)).value(); });
        measure("read, 30 entries", [&] {
            await_result(store_.read({TenantId{1}, ConversationId{9000}})).value();
        });
    }

    std::string server_;
    ConnectionPool pool_;
    PostgresTenantStore store_;
};

// What was prepared while the tables were empty must stay fast when they are not.
TEST_F(ReadBench, ReadsAsFastBeforeStatisticsAreTakenAsAfter) {
    LookUp nothing;
    nothing.messages.resize(1);
    await_result(store_.find(TenantId{1}, nothing)).value();
    await_result(store_.read({TenantId{1}, ConversationId{1}})).value();
    execute(fill);
    measure_all("prepared on empty tables, no statistics");
    execute("ANALYZE");
    measure_all("with statistics");
}

}  // namespace
}  // namespace switchboard
