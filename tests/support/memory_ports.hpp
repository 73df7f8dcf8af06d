#pragma once

#include "support/memory_database.hpp"

namespace switchboard {

// The ports over a MemoryDatabase, which must outlive them. Like the real ones they resume on the
// caller's executor, never before the call has returned to it once.

class MemoryTenantLog : public TenantLog {
public:
    MemoryTenantLog(MemoryDatabase& database, Incarnation me) : database_(database), me_(me) {}

    boost::asio::awaitable<Commit> commit(const Batch& batch) override;

private:
    MemoryDatabase& database_;
    Incarnation me_;
};

class MemoryTenantStore : public TenantStore {
public:
    explicit MemoryTenantStore(MemoryDatabase& database) : database_(database) {}

    boost::asio::awaitable<Result<TenantState>> load(TenantId tenant) override;
    boost::asio::awaitable<Result<Facts>> find(TenantId tenant, LookUp look_up) override;
    boost::asio::awaitable<Result<EntryPage>> read(PageRequest request) override;

private:
    MemoryDatabase& database_;
};

class MemoryOwnerTable : public OwnerTable {
public:
    MemoryOwnerTable(MemoryDatabase& database, Incarnation me) : database_(database), me_(me) {}

    boost::asio::awaitable<Result<std::optional<Taken>>> take(TenantId tenant) override;
    boost::asio::awaitable<Result<Released>> release(TenantId tenant, std::int64_t epoch) override;

private:
    MemoryDatabase& database_;
    Incarnation me_;
};

class MemoryLeaseTable : public LeaseTable {
public:
    MemoryLeaseTable(MemoryDatabase& database, Incarnation me) : database_(database), me_(me) {}

    Result<void> enlist(std::optional<Incarnation> predecessor) override;
    Result<Renewed> renew() override;

private:
    MemoryDatabase& database_;
    Incarnation me_;
};

}  // namespace switchboard
