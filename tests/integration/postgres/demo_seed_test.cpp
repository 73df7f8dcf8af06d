#include "postgres/demo_seed.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <string>

#include "auth/random.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

DemoTenant demo(const std::string& origin) {
    DemoTenant demo;
    demo.public_id = random_bits<PublicId>();
    demo.tenant_key = "demo";
    demo.site_key = "demo";
    demo.name = "Demo";
    demo.origins = {origin, "http://localhost:1"};
    for (const char* login : {"anna@demo.example", "ben@demo.example"}) {
        DemoAgent agent{random_bits<PublicId>(), login, "Name", "hash", Role::agent};
        agent.channels = {Channel::chat, Channel::messaging};
        agent.slots_max = 3;
        agent.slots_hard_max = 4;
        demo.agents.push_back(agent);
    }
    DemoAgent manager{random_bits<PublicId>(), "mia@demo.example", "Mia", "hash", Role::manager};
    manager.channels.clear();
    demo.agents.push_back(manager);
    return demo;
}

std::string read(const std::string& connection, const std::string& query) {
    pqxx::connection opened(connection);
    pqxx::read_transaction work(opened);
    return work.exec1(query)[0].as<std::string>();
}

TEST(DemoSeed, StoresATenantThatIsServedByItsAgents) {
    const std::string database = fresh_database();
    EXPECT_FALSE(has_tenant(database, "demo"));
    seed_demo(database, demo("http://127.0.0.1:1"));
    EXPECT_TRUE(has_tenant(database, "demo"));
    EXPECT_EQ(read(database,
                   "SELECT string_agg(login || ' ' || channel || ' ' || slots_max || ' '"
                   "                  || slots_hard_max, ',' ORDER BY login, channel)"
                   "  FROM site JOIN site_group USING (tenant_id, site_id)"
                   "  JOIN membership USING (tenant_id, group_id)"
                   "  JOIN agent USING (tenant_id, agent_id)"
                   "  JOIN agent_channel USING (tenant_id, agent_id)"
                   " WHERE site_key = 'demo'"),
              "anna@demo.example 1 3 4,anna@demo.example 4 3 4,"
              "ben@demo.example 1 3 4,ben@demo.example 4 3 4");
    EXPECT_EQ(read(database, "SELECT login FROM agent WHERE role = 5"), "mia@demo.example");
    EXPECT_EQ(read(database, "SELECT count(public_id) FROM agent_group"), "1");
}

TEST(DemoSeed, ChangesNothingButTheOriginsTheSecondTime) {
    const std::string database = fresh_database();
    seed_demo(database, demo("http://127.0.0.1:1"));
    seed_demo(database, demo("http://127.0.0.1:2"));
    EXPECT_EQ(read(database, "SELECT count(*) FROM agent"), "3");
    const std::string origins = "{http://127.0.0.1:2,http://localhost:1}";
    EXPECT_EQ(read(database, "SELECT agent_origins FROM tenant"), origins);
    EXPECT_EQ(read(database, "SELECT origins FROM site"), origins);
}

}  // namespace
}  // namespace switchboard
