#include "conformance/storage.hpp"
#include "support/await_result.hpp"

namespace switchboard {
namespace {

Digest digest(std::uint8_t number) {
    Digest bytes{};  // with bytes that a text would not survive
    bytes[1] = number;
    bytes[31] = 0xFF;
    return bytes;
}

Time second(int seconds) { return Time(std::chrono::seconds(1'700'000'000 + seconds)); }

class CredentialStoreOn : public OnStorage {
protected:
    void SetUp() override {
        OnStorage::SetUp();
        for (std::int64_t id = 1; id <= 2; ++id) {
            seeds_.push_back(seed_tenant(id));
            storage_->configure(seeds_.back());
        }
    }

    CredentialStore& store() { return storage_->credentials(); }

    std::optional<AgentAccount> find_agent(const std::string& tenant, const std::string& login) {
        return await_result(store().find_agent({tenant, login})).value();
    }
    std::optional<StoredSession> find(std::uint8_t token) {
        return await_result(store().find_session(digest(token))).value();
    }
    StoredSession log_in(std::uint8_t token, const Principal& who) {
        const StoredSession session{
            who, second(token), second(token) + std::chrono::microseconds(1)};
        EXPECT_TRUE(await_result(store().store_session(digest(token), session)));
        return session;
    }

    std::vector<SeedTenant> seeds_;
};

TEST_P(CredentialStoreOn, FindsAnAccountByTenantAndLoginByteByByte) {
    const auto& account = seeds_[1].accounts[0];
    const auto found = find_agent("tenant-2", account.login);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->principal, account.principal);
    EXPECT_EQ(found->password_hash, account.password_hash);
    EXPECT_TRUE(found->is_enabled);
    EXPECT_EQ(found->name, seeds_[1].state.agents[0].name);
    EXPECT_FALSE(find_agent("Tenant-2", account.login));
    EXPECT_FALSE(find_agent("tenant-2", "Agent11@example.com"));
    EXPECT_FALSE(find_agent("tenant-2", account.login + " "));
    EXPECT_FALSE(find_agent("' OR true --", account.login));
}

TEST_P(CredentialStoreOn, FindsADisabledAccountToo) {
    const auto found = find_agent("tenant-1", "agent13@example.com");
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->is_enabled);
}

TEST_P(CredentialStoreOn, FindsASessionByItsTokenAlone) {
    const auto session = log_in(1, seeds_[1].accounts[0].principal);
    const auto found = find(1);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->principal, session.principal);
    EXPECT_EQ(found->started_at, session.started_at);
    EXPECT_EQ(found->seen_at, session.seen_at);
    EXPECT_EQ(found->name, seeds_[1].state.agents[0].name);
    EXPECT_FALSE(find(2));
}

TEST_P(CredentialStoreOn, HidesTheSessionOfADisabledAccount) {
    log_in(1, seeds_[0].accounts[2].principal);
    EXPECT_FALSE(find(1));
}

TEST_P(CredentialStoreOn, StoresASessionOnceWhenAskedTwice) {
    const auto session = log_in(1, seeds_[0].accounts[0].principal);
    EXPECT_TRUE(await_result(store().store_session(digest(1), session)));
    EXPECT_TRUE(find(1));
}

TEST_P(CredentialStoreOn, MovesWhenASessionWasSeenAheadNeverBack) {
    log_in(1, seeds_[0].accounts[0].principal);
    EXPECT_TRUE(await_result(store().touch_session(digest(1), second(60))));
    EXPECT_TRUE(await_result(store().touch_session(digest(1), second(30))));
    EXPECT_EQ(find(1)->seen_at, second(60));
    EXPECT_TRUE(await_result(store().touch_session(digest(2), second(30))));
    EXPECT_FALSE(find(2));
}

TEST_P(CredentialStoreOn, DeletesOneSession) {
    log_in(1, seeds_[0].accounts[0].principal);
    log_in(2, seeds_[0].accounts[0].principal);
    EXPECT_TRUE(await_result(store().delete_session(digest(1))));
    EXPECT_TRUE(await_result(store().delete_session(digest(1))));
    EXPECT_FALSE(find(1));
    EXPECT_TRUE(find(2));
}

TEST_P(CredentialStoreOn, DeletesEverySessionOfOneAgentAndOfNobodyElse) {
    log_in(1, seeds_[0].accounts[0].principal);
    log_in(2, seeds_[0].accounts[0].principal);
    log_in(3, seeds_[0].accounts[1].principal);
    log_in(4, seeds_[1].accounts[0].principal);
    EXPECT_TRUE(await_result(store().delete_sessions_of(TenantId{1}, ann)));
    EXPECT_FALSE(find(1));
    EXPECT_FALSE(find(2));
    EXPECT_TRUE(find(3));
    EXPECT_TRUE(find(4));
}

SWITCHBOARD_ON_EVERY_STORAGE(CredentialStoreOn);

}  // namespace
}  // namespace switchboard
