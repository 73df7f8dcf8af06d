#pragma once

#include "tenants/catalogue.hpp"

namespace switchboard {

class ConnectionPool;

// Catalogue over a pool of connections, which must outlive it.
class PostgresCatalogue : public Catalogue {
public:
    explicit PostgresCatalogue(ConnectionPool& pool) : pool_(pool) {}

    Answer<std::vector<StoredTenant>> tenants(Slice slice) override;
    Answer<std::optional<StoredTenant>> find_tenant(PublicId id) override;
    Answer<std::optional<StoredTenant>> find_tenant_by_key(std::string key) override;
    Answer<std::optional<StoredTenant>> create_tenant(StoredTenant tenant) override;

    Answer<std::vector<Agent>> agents(TenantId tenant, Slice slice) override;
    Answer<std::optional<Agent>> find_agent(TenantId tenant, PublicId id) override;
    Answer<std::vector<Group>> groups(TenantId tenant, Slice slice) override;
    Answer<std::optional<Group>> find_group(TenantId tenant, PublicId id) override;
    Answer<std::vector<Site>> sites(TenantId tenant, Slice slice) override;
    Answer<std::optional<Site>> find_site(TenantId tenant, std::string key) override;

    Answer<TenantSettings> settings(TenantId tenant) override;
    Answer<Reserved> reserve(Reservation wanted) override;
    Answer<PublicId> came_to(TenantId tenant, PublicId reserved, PublicId made) override;

private:
    ConnectionPool& pool_;
};

}  // namespace switchboard
