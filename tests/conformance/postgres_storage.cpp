#include <pqxx/pqxx>

#include <deque>

#include "conformance/storage.hpp"
#include "domain/text.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/credential_store.hpp"
#include "postgres/owner_table.hpp"
#include "postgres/site_store.hpp"
#include "postgres/tenant_log.hpp"
#include "postgres/tenant_store.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

// A text[] as the literal that a parameter takes.
std::string to_text_array(const std::vector<std::string>& texts) {
    std::string literal = "{";
    for (const auto& text : texts) {
        if (literal.size() > 1) literal += ',';
        literal += '"';
        for (const char c : text) {
            if (c == '"' || c == '\\') literal += '\\';
            literal += c;
        }
        literal += '"';
    }
    return literal + '}';
}

void insert_sites(pqxx::work& work, const SeedTenant& tenant) {
    const auto id = tenant.state.id.value;
    for (std::size_t i = 0; i < tenant.state.sites.size(); ++i) {
        const Site& site = tenant.state.sites[i];
        work.exec_params(
            "INSERT INTO site (tenant_id, site_id, site_key, name, origins)"
            " VALUES ($1, $2, $3, 'a site', $4)",
            id,
            site.id.value,
            tenant.site_keys[i],
            to_text_array(tenant.site_origins));
        for (const auto& group : site.groups) {
            work.exec_params(
                "INSERT INTO agent_group VALUES ($1, $2, 'a group') ON CONFLICT DO NOTHING",
                id,
                group.value);
            work.exec_params(
                "INSERT INTO site_group VALUES ($1, $2, $3)", id, site.id.value, group.value);
        }
    }
}

void insert_agent(pqxx::work& work,
                  TenantId tenant,
                  const Agent& agent,
                  const SeedAccount& account) {
    const auto id = tenant.value;
    work.exec_params(
        "INSERT INTO agent (tenant_id, agent_id, public_id, login, password_hash, role, name,"
        "                   enabled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        agent.id.value,
        to_text(agent.public_id),
        account.login,
        account.password_hash,
        static_cast<int>(account.principal.role),
        agent.name,
        account.is_enabled);
    for (const auto& group : agent.groups) {
        work.exec_params(
            "INSERT INTO agent_group VALUES ($1, $2, 'a group') ON CONFLICT DO NOTHING",
            id,
            group.value);
        work.exec_params(
            "INSERT INTO membership VALUES ($1, $2, $3)", id, group.value, agent.id.value);
    }
    for (const auto& channel : agent.channels) {
        work.exec_params(
            "INSERT INTO agent_channel (tenant_id, agent_id, channel, enabled, slots_max,"
            "                           slots_hard_max) VALUES ($1, $2, $3, $4, $5, $6)",
            id,
            agent.id.value,
            static_cast<int>(channel.channel),
            channel.enabled,
            channel.slots_max,
            channel.slots_hard_max);
    }
}

class PostgresStorage : public Storage {
public:
    explicit PostgresStorage(const std::string& connection)
        : connection_(connection), pool_({connection}) {}

    void configure(const SeedTenant& tenant) override {
        pqxx::connection connection(connection_);
        pqxx::work work(connection);
        PublicId public_id;
        public_id.bytes[0] = static_cast<std::uint8_t>(tenant.state.id.value);
        work.exec_params(
            "INSERT INTO tenant (tenant_id, public_id, name, tenant_key, retention_days,"
            "                    agent_origins) VALUES ($1, $2, 'a tenant', $3, $4, $5)",
            tenant.state.id.value,
            to_text(public_id),
            tenant.key,
            tenant.state.retention_days,
            to_text_array(tenant.agent_origins));
        insert_sites(work, tenant);
        for (std::size_t i = 0; i < tenant.state.agents.size(); ++i)
            insert_agent(work, tenant.state.id, tenant.state.agents[i], tenant.accounts[i]);
        work.commit();
    }

    TenantLog& log(Incarnation me) override {
        return logs_.emplace_back(PostgresTenantLog::Settings{connection_, me});
    }
    OwnerTable& owners(Incarnation me) override { return owners_.emplace_back(pool_, me); }
    LeaseTable& leases(Incarnation me) override {
        return leases_.emplace_back(connection_, me, "conformance");
    }
    TenantStore& tenants() override { return tenants_; }
    CredentialStore& credentials() override { return credentials_; }
    SiteStore& sites() override { return sites_; }

    void expire(Incarnation node) override {
        pqxx::connection connection(connection_);
        pqxx::nontransaction session(connection);
        session.exec_params("UPDATE node SET expires_at = '-infinity' WHERE incarnation = $1",
                            to_text(node));
    }

private:
    std::string connection_;
    ConnectionPool pool_;
    PostgresTenantStore tenants_{pool_};
    PostgresCredentialStore credentials_{pool_};
    PostgresSiteStore sites_{pool_};
    std::deque<PostgresTenantLog> logs_;
    std::deque<PostgresOwnerTable> owners_;
    std::deque<PostgresLeaseTable> leases_;
};

}  // namespace

std::unique_ptr<Storage> postgres_storage() {
    return std::make_unique<PostgresStorage>(fresh_database());
}

}  // namespace switchboard
