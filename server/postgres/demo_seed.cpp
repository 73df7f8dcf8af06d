#include "postgres/demo_seed.hpp"

#include <pqxx/pqxx>

#include "domain/text.hpp"
#include "postgres/connection.hpp"

namespace switchboard {

namespace {

std::string demo_connection(const std::string& base) {
    return connection_string(base, "switchboard demo", {});
}

// PostgreSQL's array literal. An origin holds neither quotes nor backslashes.
std::string array_of(const std::vector<std::string>& origins) {
    std::string literal;
    for (const std::string& origin : origins)
        literal += (literal.empty() ? "{\"" : ",\"") + origin + '"';
    return literal.empty() ? "{}" : literal + '}';
}

void store_agent(pqxx::transaction_base& work,
                 std::int64_t tenant,
                 std::int64_t group,
                 const DemoAgent& agent) {
    const auto id =
        work.exec_params1(
                "INSERT INTO agent (tenant_id, public_id, login, password_hash, role, name)"
                " VALUES ($1, $2, $3, $4, $5, $6) RETURNING agent_id",
                tenant,
                to_text(agent.public_id),
                agent.login,
                agent.password_hash,
                static_cast<int>(agent.role),
                agent.name)[0]
            .as<std::int64_t>();
    work.exec_params0("INSERT INTO membership (tenant_id, group_id, agent_id) VALUES ($1, $2, $3)",
                      tenant,
                      group,
                      id);
    for (const Channel channel : agent.channels) {
        work.exec_params0(
            "INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max, slots_hard_max)"
            " VALUES ($1, $2, $3, $4, $5)",
            tenant,
            id,
            static_cast<int>(channel),
            agent.slots_max,
            agent.slots_hard_max);
    }
}

void store_tenant(pqxx::transaction_base& work, const DemoTenant& demo) {
    const auto tenant = work.exec_params1(
                                "INSERT INTO tenant (public_id, name, tenant_key) VALUES ($1, $2, "
                                "$3) RETURNING tenant_id",
                                to_text(demo.public_id),
                                demo.name,
                                demo.tenant_key)[0]
                            .as<std::int64_t>();
    const auto site = work.exec_params1(
                              "INSERT INTO site (tenant_id, site_key, name) VALUES ($1, $2, $3) "
                              "RETURNING site_id",
                              tenant,
                              demo.site_key,
                              demo.name)[0]
                          .as<std::int64_t>();
    const auto group = work.exec_params1(
                               "INSERT INTO agent_group (tenant_id, name) VALUES ($1, 'Everybody') "
                               "RETURNING group_id",
                               tenant)[0]
                           .as<std::int64_t>();
    work.exec_params0("INSERT INTO site_group (tenant_id, site_id, group_id) VALUES ($1, $2, $3)",
                      tenant,
                      site,
                      group);
    for (const DemoAgent& agent : demo.agents)
        store_agent(work, tenant, group, agent);
}

bool has_tenant(pqxx::transaction_base& work, const std::string& tenant_key) {
    return !work.exec_params("SELECT FROM tenant WHERE tenant_key = $1", tenant_key).empty();
}

}  // namespace

bool has_tenant(const std::string& connection, const std::string& tenant_key) {
    pqxx::connection opened(demo_connection(connection));
    pqxx::read_transaction work(opened);
    return has_tenant(work, tenant_key);
}

void seed_demo(const std::string& connection, const DemoTenant& demo) {
    pqxx::connection opened(demo_connection(connection));
    pqxx::work work(opened);
    if (!has_tenant(work, demo.tenant_key)) store_tenant(work, demo);
    const std::string origins = array_of(demo.origins);
    work.exec_params0("UPDATE tenant SET agent_origins = $2::text[] WHERE tenant_key = $1",
                      demo.tenant_key,
                      origins);
    work.exec_params0(
        "UPDATE site SET origins = $2::text[]"
        " WHERE tenant_id = (SELECT tenant_id FROM tenant WHERE tenant_key = $1)",
        demo.tenant_key,
        origins);
    work.commit();
}

}  // namespace switchboard
