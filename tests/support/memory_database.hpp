#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "cluster/owner_table.hpp"
#include "support/stored_history.hpp"
#include "tenants/tenant_log.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

struct MemoryTenant;

// What PostgreSQL would hold, kept in memory: one model of the stored truth with the checks,
// outcomes and answers of the real adapters, deterministic and without I/O. The coroutine ports
// over it are in memory_ports.hpp; a simulation calls it directly and puts its faults around.
//
// Every call is atomic and may come from any thread. Obeys tests/conformance/.
class MemoryDatabase {
public:
    MemoryDatabase();
    ~MemoryDatabase();
    MemoryDatabase(const MemoryDatabase&) = delete;
    MemoryDatabase& operator=(const MemoryDatabase&) = delete;

    // Creates a tenant that nobody owns, at log position 0: its id, retention, settings, groups,
    // sites, agents and their limits. The lists of what happened (conversations, claims, blocks,
    // sent) are not looked at. The hash of a password is "hash of " and the login.
    void configure(const TenantState& configuration);

    // Stores the batch as `me`, all or nothing. Records arrive as the engine made them: what it
    // says of one claim, limit, conversation or pointer is folded here, as the real log does.
    // A batch whose positions are not fence.pos + 1, + 2… is the caller's bug: std::logic_error.
    Commit commit(Incarnation me, const Batch& batch);

    // As TenantStore; a tenant that is not configured is std::out_of_range in load().
    bool has(TenantId tenant) const;
    TenantState load(TenantId tenant) const;
    Facts find(TenantId tenant, const LookUp& look_up) const;
    EntryPage read(const PageRequest& request) const;

    // What the ports do not tell; a tenant that is not configured is std::out_of_range.
    StoredHistory history(TenantId tenant) const;

    // As OwnerTable and LeaseTable, for the process `me`.
    std::optional<Taken> take(TenantId tenant, Incarnation me);
    Released release(TenantId tenant, std::int64_t epoch, Incarnation me);
    void enlist(Incarnation me, std::optional<Incarnation> predecessor);
    Renewed renew(Incarnation me);

    // Moves the clock of the leases, which live for 6 s; nothing else has a clock.
    void advance(std::chrono::microseconds by);

    // The lease of one node has run out.
    void expire(Incarnation node);

    // From now on a tenant is taken in another history.
    void change_lineage(const std::string& lineage);

private:
    bool has_key_of_another(const Batch& batch) const;
    bool is_alive(Incarnation node) const;

    mutable std::mutex mutex_;  // guards everything below
    std::map<TenantId, std::unique_ptr<MemoryTenant>> tenants_;
    std::map<Incarnation, Time> leases_;  // when each runs out
    Time now_{};                          // of the leases
    std::string lineage_ = "memory";
};

}  // namespace switchboard
