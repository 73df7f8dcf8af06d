#include "support/memory_database.hpp"

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
    tenant->configuration.id = configuration.id;
    tenant->configuration.retention_days = configuration.retention_days;
    tenant->configuration.sites = configuration.sites;
    tenant->configuration.sent_max = configuration.sent_max;
    for (Agent agent : configuration.agents) {
        for (const auto& channel : agent.channels)
            tenant->slots[{agent.id, channel.channel}].limit = channel;
        agent.channels.clear();
        agent.idle_pos = 0;
        tenant->configuration.agents.push_back(std::move(agent));
    }
    tenants_[configuration.id] = std::move(tenant);
}

Commit MemoryDatabase::commit(Incarnation me, const Batch& batch) {
    const std::lock_guard lock(mutex_);
    const auto found = tenants_.find(batch.tenant);
    if (found == tenants_.end()) return Commit::fenced;
    MemoryTenant& tenant = *found->second;
    if (tenant.holder != me || tenant.epoch != batch.fence.epoch) return Commit::fenced;
    if (tenant.log_pos == batch.fence.pos) return tenant.store(batch);
    const bool is_stored = tenant.log_pos == batch.fence.pos + batch.positions;
    return is_stored ? Commit::stored : Commit::fenced;
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
