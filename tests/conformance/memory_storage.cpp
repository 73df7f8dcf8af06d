#include <chrono>
#include <deque>

#include "conformance/storage.hpp"
#include "support/memory_credential_store.hpp"
#include "support/memory_ports.hpp"
#include "support/memory_site_store.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

class MemoryStorage : public Storage {
public:
    void configure(const SeedTenant& tenant) override {
        database_.configure(tenant.state);
        sites_.put_tenant(tenant.key, {tenant.state.id, tenant.agent_origins});
        for (const Site& site : tenant.state.sites)
            sites_.put_site(site.key, {tenant.state.id, site.id, site.origins});
        for (std::size_t i = 0; i < tenant.accounts.size(); ++i) {
            const SeedAccount& account = tenant.accounts[i];
            credentials_.put({tenant.key, account.login},
                             {account.principal,
                              account.password_hash,
                              account.is_enabled,
                              tenant.state.agents[i].name});
        }
    }

    TenantLog& log(Incarnation me) override { return logs_.emplace_back(database_, me); }
    OwnerTable& owners(Incarnation me) override { return owners_.emplace_back(database_, me); }
    LeaseTable& leases(Incarnation me) override { return leases_.emplace_back(database_, me); }
    TenantStore& tenants() override { return tenants_; }
    CredentialStore& credentials() override { return credentials_; }
    SiteStore& sites() override { return sites_; }
    StoredHistory history(TenantId tenant) override { return database_.history(tenant); }

    void expire(Incarnation node) override { database_.expire(node); }

private:
    MemoryDatabase database_;
    MemoryTenantStore tenants_{database_};
    MemoryCredentialStore credentials_;
    MemorySiteStore sites_;
    std::deque<MemoryTenantLog> logs_;
    std::deque<MemoryOwnerTable> owners_;
    std::deque<MemoryLeaseTable> leases_;
};

}  // namespace

std::unique_ptr<Storage> memory_storage() { return std::make_unique<MemoryStorage>(); }

}  // namespace switchboard
