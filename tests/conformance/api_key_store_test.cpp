#include "postgres/api_key_store.hpp"

#include <gtest/gtest.h>

#include "postgres/connection_pool.hpp"
#include "support/await_result.hpp"
#include "support/memory_api_key_store.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

Time made_at(int seconds) {
    return Time(std::chrono::microseconds(1'700'000'000'000'001) + std::chrono::seconds(seconds));
}

StoredKey key(std::int64_t tenant, std::uint8_t number) {
    StoredKey key;
    key.id.bytes = {0xEE, static_cast<std::uint8_t>(tenant)};
    key.id.bytes[15] = number;
    key.tenant.value = tenant;
    key.secret[1] = number;  // with bytes that a text would not survive
    key.secret[31] = 0xFF;
    key.name = "a \"key\", {é}\\";
    key.scopes = {"blocks:read", "odd \"scope\",\\{}"};
    key.created_at = made_at(number);
    if (number % 2 == 0) key.expires_at = made_at(100);
    return key;
}

class ApiKeyStoreOn : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        if (GetParam() == "memory") {
            store_ = std::make_unique<MemoryApiKeyStore>();
        } else {
            pool_ = std::make_unique<ConnectionPool>(ConnectionPool::Settings{fresh_database()});
            store_ = std::make_unique<PostgresApiKeyStore>(*pool_);
        }
    }

    StoredKey add(const StoredKey& key) { return await_result(store_->add_key(key)).value(); }
    std::optional<StoredKey> find(const PublicId& id) {
        return await_result(store_->find_key(id)).value();
    }
    std::vector<StoredKey> list(KeyQuery query) {
        return await_result(store_->keys(query)).value();
    }
    std::optional<StoredKey> revoke(std::int64_t tenant, const PublicId& id, Time time) {
        return await_result(store_->revoke_key(TenantId{tenant}, id, time)).value();
    }

    std::unique_ptr<ConnectionPool> pool_;
    std::unique_ptr<ApiKeyStore> store_;
};

TEST_P(ApiKeyStoreOn, KeepsAKeyAsItWasMade) {
    for (const auto& made : {key(1, 1), key(0, 2)}) {
        StoredKey added = add(made);
        EXPECT_GT(added.number, 0);
        EXPECT_EQ(find(made.id), added);
        added.number = 0;
        EXPECT_EQ(added, made);
    }
    EXPECT_FALSE(find(key(1, 3).id));
}

TEST_P(ApiKeyStoreOn, TheFirstKeyOfAnIdStays) {
    const StoredKey first = add(key(1, 1));
    StoredKey second = key(2, 2);
    second.id = first.id;
    EXPECT_EQ(add(second), first);
    EXPECT_EQ(find(first.id), first);
}

TEST_P(ApiKeyStoreOn, ListsThoseOfATenantNewestFirst) {
    std::vector<StoredKey> keys;
    for (const std::uint8_t number : {std::uint8_t{1}, std::uint8_t{2}, std::uint8_t{3}})
        keys.push_back(add(key(1, number)));
    add(key(2, 4));
    const TenantId tenant{1};
    EXPECT_EQ(list({tenant, 0, 2}), (std::vector{keys[2], keys[1]}));
    EXPECT_EQ(list({tenant, keys[1].number, 2}), std::vector{keys[0]});
    EXPECT_TRUE(list({TenantId{3}, 0, 2}).empty());
}

TEST_P(ApiKeyStoreOn, AKeyEndsOnceAndForItsTenantAlone) {
    StoredKey kept = add(key(1, 1));
    EXPECT_FALSE(revoke(2, kept.id, made_at(5)));
    EXPECT_EQ(find(kept.id), kept);
    kept.revoked_at = made_at(6);
    EXPECT_EQ(revoke(1, kept.id, made_at(6)), kept);
    EXPECT_EQ(revoke(1, kept.id, made_at(7)), kept);
    EXPECT_EQ(find(kept.id), kept);
}

INSTANTIATE_TEST_SUITE_P(On,
                         ApiKeyStoreOn,
                         testing::Values("memory", "postgres"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace switchboard
