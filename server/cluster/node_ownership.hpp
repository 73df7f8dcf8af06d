#pragma once

#include "cluster/lease.hpp"
#include "cluster/owner_table.hpp"

namespace switchboard {

// What this node owns: the table of owners, and the lease under which it owns. Any thread.
class NodeOwnership : public Ownership {
public:
    // Both must outlive it.
    NodeOwnership(OwnerTable& table, const LeaseKeeper& lease) : table_(table), lease_(lease) {}

    boost::asio::awaitable<Result<std::optional<Taken>>> take(TenantId tenant) override {
        return table_.take(tenant);
    }
    boost::asio::awaitable<void> release(TenantId tenant, std::int64_t epoch) override;
    std::int64_t term() const override { return lease_.term(); }

private:
    OwnerTable& table_;
    const LeaseKeeper& lease_;
};

}  // namespace switchboard
