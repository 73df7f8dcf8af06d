#include <pqxx/pqxx>

#include <deque>

#include "conformance/postgres_history.hpp"
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

void insert_tenant(pqxx::work& work, const SeedTenant& tenant) {
    PublicId public_id;
    public_id.bytes[0] = static_cast<std::uint8_t>(tenant.state.id.value);
    const TenantSettings& settings = tenant.state.settings;
    work.exec_params(
        "INSERT INTO tenant (tenant_id, public_id, name, tenant_key, retention_days,"
        "                    agent_origins, agent_grace_s, visitor_grace_s, confirm_within_s,"
        "                    inactive_after_s, close_after_s, when_agent_gone, draft_preview)"
        " VALUES ($1, $2, 'a tenant', $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        tenant.state.id.value,
        to_text(public_id),
        tenant.key,
        tenant.state.retention_days,
        to_text_array(tenant.agent_origins),
        settings.agent_grace.count(),
        settings.visitor_grace.count(),
        settings.confirm_within.count(),
        settings.inactive_after.count(),
        settings.close_after.count(),
        static_cast<int>(settings.when_agent_gone),
        settings.draft_preview);
    for (const Group& group : tenant.state.groups) {
        work.exec_params(
            "INSERT INTO agent_group (tenant_id, group_id, public_id, name)"
            " VALUES ($1, $2, $3, $4)",
            tenant.state.id.value,
            group.id.value,
            to_text(group.public_id),
            group.name);
    }
}

void insert_site(pqxx::work& work, TenantId tenant, const Site& site) {
    work.exec_params(
        "INSERT INTO site (tenant_id, site_id, site_key, name, origins)"
        " VALUES ($1, $2, $3, $4, $5)",
        tenant.value,
        site.id.value,
        site.key,
        site.name,
        to_text_array(site.origins));
    for (const auto& group : site.groups) {
        work.exec_params(
            "INSERT INTO site_group VALUES ($1, $2, $3)", tenant.value, site.id.value, group.value);
    }
    for (const auto& rule : site.rules) {
        work.exec_params(
            "INSERT INTO site_rule (tenant_id, site_id, channel, when_nobody_free, waiting_max,"
            "                       wait_max_s, when_waited_long)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7)",
            tenant.value,
            site.id.value,
            static_cast<int>(rule.channel),
            static_cast<int>(rule.when_nobody_free),
            rule.waiting_max,
            rule.wait_max.count(),
            static_cast<int>(rule.when_waited_long));
    }
}

// Channel 0 is the limit over all channels.
void insert_channel(pqxx::work& work, TenantId tenant, AgentId agent, const AgentChannel& channel) {
    work.exec_params(
        "INSERT INTO agent_channel (tenant_id, agent_id, channel, enabled, slots_max,"
        "                           slots_hard_max) VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.value,
        agent.value,
        static_cast<int>(channel.channel),
        channel.enabled,
        channel.slots_max,
        channel.slots_hard_max);
}

void insert_agent(pqxx::work& work,
                  TenantId tenant,
                  const Agent& agent,
                  const SeedAccount& account) {
    work.exec_params(
        "INSERT INTO agent (tenant_id, agent_id, public_id, login, password_hash, role, name,"
        "                   enabled) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        tenant.value,
        agent.id.value,
        to_text(agent.public_id),
        account.login,
        account.password_hash,
        static_cast<int>(account.principal.role),
        agent.name,
        account.is_enabled);
    for (const auto& group : agent.groups) {
        work.exec_params("INSERT INTO membership VALUES ($1, $2, $3)",
                         tenant.value,
                         group.value,
                         agent.id.value);
    }
    for (const auto& channel : agent.channels)
        insert_channel(work, tenant, agent.id, channel);
    if (agent.total_max > 0)
        insert_channel(work,
                       tenant,
                       agent.id,
                       agent_channel(Channel{}, true, agent.total_max, agent.total_max));
}

class PostgresStorage : public Storage {
public:
    explicit PostgresStorage(const std::string& connection)
        : connection_(connection), pool_({connection}) {}

    void configure(const SeedTenant& tenant) override {
        pqxx::connection connection(connection_);
        pqxx::work work(connection);
        insert_tenant(work, tenant);
        for (const Site& site : tenant.state.sites)
            insert_site(work, tenant.state.id, site);
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

    StoredHistory history(TenantId tenant) override {
        pqxx::connection connection(connection_);
        return stored_history(connection, tenant);
    }

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
