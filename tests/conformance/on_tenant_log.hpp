#pragma once

#include <vector>

#include "conformance/tenant_writer.hpp"

namespace switchboard {

constexpr Time noon{std::chrono::seconds(1'700'000'000)};

// A suite of the log: the tenants 1, 2 and 3, each as seed_tenant() makes it, and a process.
class OnTenantLog : public OnStorage {
protected:
    void SetUp() override {
        OnStorage::SetUp();
        for (std::int64_t id = 1; id <= 3; ++id)
            storage_->configure(seed_tenant(id));
        ASSERT_TRUE(storage_->leases(me_).enlist(std::nullopt));
        log_ = &storage_->log(me_);
    }

    TenantWriter writer(TenantId tenant = TenantId{1}) {
        return TenantWriter(*log_, storage_->owners(me_), tenant);
    }

    TenantState load(TenantId tenant = TenantId{1}) {
        return await_result(storage_->tenants().load(tenant)).value();
    }

    Agent agent(AgentId id) {
        for (const Agent& each : load().agents)
            if (each.id == id) return each;
        return {};
    }

    StoredHistory history() { return storage_->history(TenantId{1}); }

    std::vector<Entry> entries(ConversationId conversation) {
        PageRequest request;
        request.tenant = TenantId{1};
        request.conversation = conversation;
        request.audience = Visibility::agents;
        std::vector<Entry> list;
        for (auto& view : await_result(storage_->tenants().read(request)).value().entries)
            list.push_back(view.entry);
        return list;
    }

    const Incarnation me_ = process(1);
    TenantLog* log_ = nullptr;
};

}  // namespace switchboard
