#pragma once

#include <memory>
#include <string>

#include "cluster/owner_table.hpp"

namespace switchboard {

class ConnectionPool;

// OwnerTable over a pool of connections, which must outlive it. Any thread.
class PostgresOwnerTable : public OwnerTable {
public:
    PostgresOwnerTable(ConnectionPool& pool, Incarnation me) : pool_(pool), me_(me) {}

    // When somebody else keeps the tenant's row locked, the call fails after lock_timeout, and what
    // the connections of a dead holder still do is ended, so that the next call finds it free.
    boost::asio::awaitable<Result<std::optional<Taken>>> take(TenantId tenant) override;

    boost::asio::awaitable<Result<Released>> release(TenantId tenant, std::int64_t epoch) override;

private:
    ConnectionPool& pool_;
    Incarnation me_;
};

// LeaseTable on a connection of its own, that does not wait for the disk: the lease serves liveness
// alone, and a slow flush must not let it expire. A call takes 2 s at most once connected.
class PostgresLeaseTable : public LeaseTable {
public:
    // `name` is for people who read the table of nodes.
    PostgresLeaseTable(const std::string& connection, Incarnation me, std::string name);
    ~PostgresLeaseTable() override;

    Result<void> enlist(std::optional<Incarnation> predecessor) override;
    Result<Renewed> renew() override;

private:
    class Lease;
    std::unique_ptr<Lease> lease_;
};

}  // namespace switchboard
