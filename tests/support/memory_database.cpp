#include "support/memory_database.hpp"

#include <algorithm>

#include "support/memory_tenant.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr auto lease_lasts = 6s;

}  // namespace

MemoryDatabase::MemoryDatabase() = default;
MemoryDatabase::~MemoryDatabase() = default;

void MemoryDatabase::configure(const TenantState& configuration) {
    const std::lock_guard lock(mutex_);
    auto tenant = std::make_unique<MemoryTenant>();
    TenantState& kept = tenant->configuration;
    kept = configuration;
    kept.log_pos = 0;
    kept.last_at = Time();
    kept.conversations.clear();
    kept.claims.clear();
    kept.blocks.clear();
    kept.sent.clear();
    kept.sent_before.reset();
    for (Agent& agent : kept.agents) {
        for (const auto& channel : agent.channels)
            tenant->slots[{agent.id, channel.channel}].row = channel;
        if (agent.total_max > 0) tenant->totals[agent.id] = agent.total_max;
        agent.channels.clear();
        agent.idle_pos = 0;
        tenant->password_hashes[agent.id] = "hash of " + agent.login;
    }
    tenants_[configuration.id] = std::move(tenant);
}

Commit MemoryDatabase::commit(Incarnation me, const Batch& batch) {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(batch.tenant);
    if (found == tenants_.end()) return Commit::fenced;
    MemoryTenant& tenant = *found->second;
    if (tenant.holder != me || tenant.epoch != batch.fence.epoch) return Commit::fenced;
    if (tenant.log_pos == batch.fence.pos)
        return has_key_of_another(batch) ? Commit::diverged : tenant.store(batch);
    const bool is_stored = tenant.log_pos == batch.fence.pos + batch.positions;
    return is_stored ? Commit::stored : Commit::fenced;
}

// A site's key is used once over all tenants.
bool MemoryDatabase::has_key_of_another(const Batch& batch) const {
    return std::ranges::any_of(batch.records, [&](const Record& record) {
        const auto* changed = std::get_if<SiteRecord>(&record);
        if (changed == nullptr) return false;
        return std::ranges::any_of(tenants_, [&](const auto& other) {
            if (other.first == batch.tenant) return false;
            const auto& sites = other.second->configuration.sites;
            return std::ranges::find(sites, changed->site.key, &Site::key) != sites.end();
        });
    });
}

bool MemoryDatabase::has(TenantId tenant) const {
    const std::lock_guard lock(mutex_);
    return tenants_.contains(tenant);
}

TenantState MemoryDatabase::load(TenantId tenant) const {
    const std::lock_guard lock(mutex_);
    return tenants_.at(tenant)->load();
}

Facts MemoryDatabase::find(TenantId tenant, const LookUp& look_up) const {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(tenant);
    if (found != tenants_.end()) return found->second->find(look_up);
    Facts nothing;
    nothing.asked = look_up;
    return nothing;
}

StoredHistory MemoryDatabase::history(TenantId tenant) const {
    const std::lock_guard lock(mutex_);
    return tenants_.at(tenant)->history();
}

EntryPage MemoryDatabase::read(const PageRequest& request) const {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(request.tenant);
    return found == tenants_.end() ? EntryPage() : found->second->read(request);
}

std::optional<Taken> MemoryDatabase::take(TenantId id, Incarnation me) {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(id);
    if (found == tenants_.end() || !is_alive(me)) return std::nullopt;
    MemoryTenant& tenant = *found->second;
    if (tenant.holder && tenant.holder != me && is_alive(tenant.holder)) return std::nullopt;
    tenant.holder = me;
    ++tenant.epoch;
    return Taken{tenant.epoch, tenant.log_pos, lineage_};
}

Released MemoryDatabase::release(TenantId id, std::int64_t epoch, Incarnation me) {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(id);
    if (found == tenants_.end()) return Released::not_owned;
    MemoryTenant& tenant = *found->second;
    if (tenant.holder != me || tenant.epoch != epoch) return Released::not_owned;
    tenant.holder = Incarnation();
    return Released::yes;
}

void MemoryDatabase::enlist(Incarnation me, std::optional<Incarnation> predecessor) {
    const std::lock_guard lock(mutex_);
    if (predecessor) leases_.erase(*predecessor);
    leases_[me] = now_ + lease_lasts;
}

Renewed MemoryDatabase::renew(Incarnation me) {
    const std::lock_guard lock(mutex_);
    if (!is_alive(me)) return Renewed::expired;
    leases_[me] = now_ + lease_lasts;
    return Renewed::yes;
}

void MemoryDatabase::advance(std::chrono::microseconds by) {
    const std::lock_guard lock(mutex_);
    now_ += by;
}

void MemoryDatabase::expire(Incarnation node) {
    const std::lock_guard lock(mutex_);
    leases_.erase(node);
}

void MemoryDatabase::change_lineage(const std::string& lineage) {
    const std::lock_guard lock(mutex_);
    lineage_ = lineage;
}

bool MemoryDatabase::is_alive(Incarnation node) const {
    const auto lease = leases_.find(node);
    return lease != leases_.end() && lease->second > now_;
}

}  // namespace switchboard
