#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>

#include "domain/errors.hpp"
#include "domain/ids.hpp"
#include "tenants/ownership.hpp"

namespace switchboard {

enum class Released { yes, not_owned };
enum class Renewed { yes, expired };

// Who owns each tenant, and which nodes live. An error: the database cannot be reached.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/owner_table_test.cpp.
class OwnerTable {
public:
    virtual ~OwnerTable() = default;

    // Makes this process the owner, if the tenant has none, or a dead one, or this one already;
    // each success raises the epoch. Nothing when another live node owns it.
    virtual boost::asio::awaitable<Result<std::optional<Taken>>> take(TenantId tenant) = 0;

    // Gives the tenant up, so that others need not wait for the lease to expire. not_owned:
    // this process did not own it at that epoch any more.
    virtual boost::asio::awaitable<Result<Released>> release(TenantId tenant,
                                                             std::int64_t epoch) = 0;
};

// The lease of this process in the node table. Blocking; called by the lease thread alone.
class LeaseTable {
public:
    virtual ~LeaseTable() = default;

    // Registers this process, or again after its lease was lost; `predecessor`, whose state folder
    // this process holds now, is declared dead. An error: the database cannot be reached.
    virtual Result<void> enlist(std::optional<Incarnation> predecessor) = 0;

    // Puts the expiry 6 s ahead, unless the lease had expired or is gone.
    virtual Result<Renewed> renew() = 0;
};

}  // namespace switchboard
