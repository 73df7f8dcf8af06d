#pragma once

#include <functional>
#include <map>
#include <utility>

#include "tenants/site_store.hpp"

namespace switchboard {

// Public keys in memory, for tests. Put all in before it is asked; then any thread.
class MemorySiteStore final : public SiteStore {
public:
    void put_site(const std::string& key, const SiteAddress& site) { sites_[key] = site; }
    void put_tenant(const std::string& key, const TenantAddress& tenant) { tenants_[key] = tenant; }

    boost::asio::awaitable<Result<std::optional<SiteAddress>>> find_site(
        std::string site_key) override {
        while_finding();
        const auto found = sites_.find(site_key);
        if (found == sites_.end()) co_return std::nullopt;
        co_return found->second;
    }

    boost::asio::awaitable<Result<std::optional<TenantAddress>>> find_tenant(
        std::string tenant_key) override {
        const auto found = tenants_.find(tenant_key);
        if (found == tenants_.end()) co_return std::nullopt;
        co_return found->second;
    }

    std::function<void()> while_finding = [] {};  // a site

private:
    std::map<std::string, SiteAddress> sites_;
    std::map<std::string, TenantAddress> tenants_;
};

}  // namespace switchboard
