#pragma once

#include "tenants/site_store.hpp"

namespace switchboard {

class ConnectionPool;

// SiteStore over a pool of connections, which must outlive it.
class PostgresSiteStore : public SiteStore {
public:
    explicit PostgresSiteStore(ConnectionPool& pool) : pool_(pool) {}

    boost::asio::awaitable<Result<std::optional<SiteAddress>>> find_site(
        std::string site_key) override;
    boost::asio::awaitable<Result<std::optional<TenantAddress>>> find_tenant(
        std::string tenant_key) override;

private:
    ConnectionPool& pool_;
};

}  // namespace switchboard
