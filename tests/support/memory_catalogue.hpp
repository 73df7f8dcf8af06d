#pragma once

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "tenants/catalogue.hpp"

namespace switchboard {

// What is configured, in memory, for tests. put() is what an owner's commit does. Any thread.
class MemoryCatalogue final : public Catalogue {
public:
    // Each replaces the one with that id.
    void put(TenantId tenant, const Agent& agent) { put_in(&Tenant::agents, tenant, agent); }
    void put(TenantId tenant, const Group& group) { put_in(&Tenant::groups, tenant, group); }
    void put(TenantId tenant, const Site& site) { put_in(&Tenant::sites, tenant, site); }
    void put(TenantId tenant, const TenantSettings& settings) {
        const std::lock_guard lock(mutex_);
        tenants_[tenant].settings = settings;
    }

    // A tenant with an id of the caller's choice.
    void put(const StoredTenant& tenant) {
        const std::lock_guard lock(mutex_);
        tenants_[tenant.id].row = tenant;
        next_tenant_ = std::max(next_tenant_, tenant.id.value + 1);
    }

    // From now on every call fails, as if the database were gone; or no longer does.
    void set_reachable(bool is_reachable) {
        const std::lock_guard lock(mutex_);
        is_reachable_ = is_reachable;
    }

    Answer<std::vector<StoredTenant>> tenants(Slice slice) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        std::vector<StoredTenant> rows;
        for (const auto& [id, tenant] : tenants_)
            if (id.value > slice.after && is_room(rows, slice)) rows.push_back(tenant.row);
        co_return rows;
    }

    Answer<std::optional<StoredTenant>> find_tenant(PublicId id) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        co_return row_with([&](const StoredTenant& row) { return row.public_id == id; });
    }

    Answer<std::optional<StoredTenant>> find_tenant_by_key(std::string key) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        co_return row_with([&](const StoredTenant& row) { return row.key == key; });
    }

    Answer<std::optional<StoredTenant>> create_tenant(StoredTenant tenant) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto same = [&](const StoredTenant& row) {
            return row.public_id == tenant.public_id;
        };
        if (auto present = row_with(same)) co_return present;
        if (row_with([&](const StoredTenant& row) { return row.key == tenant.key; }))
            co_return std::nullopt;
        tenant.id.value = next_tenant_++;
        tenants_[tenant.id].row = tenant;
        co_return tenant;
    }

    Answer<std::vector<Agent>> agents(TenantId tenant, Slice slice) override {
        return slice_of(&Tenant::agents, tenant, slice);
    }
    Answer<std::optional<Agent>> find_agent(TenantId tenant, PublicId id) override {
        return find_in(
            &Tenant::agents, tenant, [id](const Agent& each) { return each.public_id == id; });
    }
    Answer<std::vector<Group>> groups(TenantId tenant, Slice slice) override {
        return slice_of(&Tenant::groups, tenant, slice);
    }
    Answer<std::optional<Group>> find_group(TenantId tenant, PublicId id) override {
        return find_in(
            &Tenant::groups, tenant, [id](const Group& each) { return each.public_id == id; });
    }
    Answer<std::vector<Site>> sites(TenantId tenant, Slice slice) override {
        return slice_of(&Tenant::sites, tenant, slice);
    }
    Answer<std::optional<Site>> find_site(TenantId tenant, std::string key) override {
        return find_in(&Tenant::sites, tenant, [key](const Site& each) { return each.key == key; });
    }

    Answer<TenantSettings> settings(TenantId tenant) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        co_return tenants_[tenant].settings;
    }

    Answer<Reserved> reserve(Reservation wanted) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto key = std::pair(wanted.tenant, wanted.public_id);
        const std::int64_t number = wanted.kind == Configured::block ? 0 : next_number_;
        const auto [at, is_new] = reserved_.try_emplace(key, Kept{number, wanted, {}});
        if (is_new && number != 0) ++next_number_;
        const Kept& kept = at->second;
        co_return Reserved{kept.number, is_new, kept.first == wanted, kept.made};
    }

    Answer<PublicId> came_to(TenantId tenant, PublicId reserved, PublicId made) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto found = reserved_.find(std::pair(tenant, reserved));
        if (found == reserved_.end()) co_return made;
        Kept& kept = found->second;
        if (!kept.made) kept.made = made;
        co_return kept.made;
    }

private:
    struct Tenant {
        StoredTenant row;
        std::map<std::int64_t, Agent> agents;
        std::map<std::int64_t, Group> groups;
        std::map<std::int64_t, Site> sites;
        TenantSettings settings;
    };
    struct Kept {
        std::int64_t number = 0;
        Reservation first;
        PublicId made;
    };
    template <class Row>
    using Table = std::map<std::int64_t, Row> Tenant::*;

    static error_code unreachable() {
        return make_error_code(boost::system::errc::connection_refused);
    }

    template <class Row>
    static bool is_room(const std::vector<Row>& rows, const Slice& slice) {
        return rows.size() < static_cast<std::size_t>(slice.limit);
    }

    template <class Fits>
    std::optional<StoredTenant> row_with(const Fits& fits) const {
        for (const auto& [id, tenant] : tenants_)
            if (tenant.row.id && fits(tenant.row)) return tenant.row;
        return std::nullopt;
    }

    template <class Row>
    void put_in(Table<Row> table, TenantId tenant, const Row& row) {
        const std::lock_guard lock(mutex_);
        (tenants_[tenant].*table)[row.id.value] = row;
    }

    template <class Row>
    Answer<std::vector<Row>> slice_of(Table<Row> table, TenantId tenant, Slice slice) {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        std::vector<Row> rows;
        for (const auto& [id, row] : tenants_[tenant].*table)
            if (id > slice.after && is_room(rows, slice)) rows.push_back(row);
        co_return rows;
    }

    template <class Row, class Fits>
    Answer<std::optional<Row>> find_in(Table<Row> table, TenantId tenant, Fits fits) {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        for (const auto& [id, row] : tenants_[tenant].*table)
            if (fits(row)) co_return row;
        co_return std::nullopt;
    }

    mutable std::mutex mutex_;
    std::map<TenantId, Tenant> tenants_;
    std::map<std::pair<TenantId, PublicId>, Kept> reserved_;
    std::int64_t next_tenant_ = 1;
    std::int64_t next_number_ = 1'000;
    bool is_reachable_ = true;
};

}  // namespace switchboard
