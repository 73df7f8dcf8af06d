#include "conformance/storage.hpp"
#include "support/await_result.hpp"

namespace switchboard {
namespace {

using namespace std::string_literals;

class SiteStoreOn : public OnStorage {
protected:
    void SetUp() override {
        OnStorage::SetUp();
        storage_->configure(seed_tenant(1));
        storage_->configure(seed_tenant(2));
    }

    std::optional<SiteAddress> find_site(const std::string& key) {
        return await_result(storage_->sites().find_site(key)).value();
    }
    std::optional<TenantAddress> find_tenant(const std::string& key) {
        return await_result(storage_->sites().find_tenant(key)).value();
    }
};

TEST_P(SiteStoreOn, FindsASiteAndItsOriginsByKey) {
    const SiteAddress expected{TenantId{2}, SiteId{2}, seed_tenant(2).state.sites[1].origins};
    EXPECT_EQ(find_site("tenant-2-blog"), expected);
}

TEST_P(SiteStoreOn, FindsATenantAndTheOriginsOfItsAgentsByKey) {
    const TenantAddress expected{TenantId{1}, {"https://console.example"}};
    EXPECT_EQ(find_tenant("tenant-1"), expected);
}

TEST_P(SiteStoreOn, FindsNothingByAnyOtherKey) {
    for (const auto& key : {""s,
                            "tenant-1-SHOP"s,
                            "tenant-1-shop\0"s,
                            "tenant-1-shop\0x"s,
                            "tenant-1-shop\xFF"s,
                            "' OR true --"s})
        EXPECT_FALSE(find_site(key)) << key;
    for (const auto& key : {""s, "tenant-1-shop"s, "tenant-1\0"s, "\xC3"s})
        EXPECT_FALSE(find_tenant(key)) << key;
}

SWITCHBOARD_ON_EVERY_STORAGE(SiteStoreOn);

}  // namespace
}  // namespace switchboard
