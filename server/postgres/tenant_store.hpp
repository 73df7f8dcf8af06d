#pragma once

#include "tenants/tenant_store.hpp"

namespace switchboard {

class ConnectionPool;

// TenantStore over a pool of connections, which must outlive it. Any thread.
class PostgresTenantStore : public TenantStore {
public:
    explicit PostgresTenantStore(ConnectionPool& pool) : pool_(pool) {}

    boost::asio::awaitable<Result<TenantState>> load(TenantId tenant) override;
    boost::asio::awaitable<Result<Facts>> find(TenantId tenant, LookUp look_up) override;
    boost::asio::awaitable<Result<EntryPage>> read(PageRequest request) override;

private:
    ConnectionPool& pool_;
};

}  // namespace switchboard
