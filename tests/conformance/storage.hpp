#pragma once

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "auth/credential_store.hpp"
#include "cluster/owner_table.hpp"
#include "support/stored_history.hpp"
#include "tenants/site_store.hpp"
#include "tenants/tenant_log.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

// An account that can log in, and the keys of its tenant, beside what TenantState knows of both.
struct SeedAccount {
    Principal principal;
    std::string login;
    std::string password_hash;
    bool is_enabled = true;
};

struct SeedTenant {
    TenantState state;  // id, retention, settings, groups, sites, agents and their limits
    std::string key;
    std::vector<std::string> agent_origins;
    std::vector<SeedAccount> accounts;  // as many as agents
};

// What the suites run on: the fakes, or a PostgreSQL with a database of its own. Everything it
// gives lives as long as it does.
class Storage {
public:
    virtual ~Storage() = default;

    virtual void configure(const SeedTenant& tenant) = 0;

    // As the process `me`; each call is another one with that name.
    virtual TenantLog& log(Incarnation me) = 0;
    virtual OwnerTable& owners(Incarnation me) = 0;
    virtual LeaseTable& leases(Incarnation me) = 0;

    virtual TenantStore& tenants() = 0;
    virtual CredentialStore& credentials() = 0;
    virtual SiteStore& sites() = 0;

    // What is stored and no port tells.
    virtual StoredHistory history(TenantId tenant) = 0;

    // Its lease has run out.
    virtual void expire(Incarnation node) = 0;
};

std::unique_ptr<Storage> memory_storage();
std::unique_ptr<Storage> postgres_storage();

// A suite that runs on both: TEST_P in a class derived from this one.
class OnStorage : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        storage_ = GetParam() == "memory" ? memory_storage() : postgres_storage();
    }

    boost::asio::io_context loop_;  // outlives the threads that resume its coroutines
    std::unique_ptr<Storage> storage_;
};

#define SWITCHBOARD_ON_EVERY_STORAGE(suite)                                            \
    INSTANTIATE_TEST_SUITE_P(                                                          \
        On, suite, testing::Values("memory", "postgres"), [](const auto& param_info) { \
            return param_info.param;                                                   \
        })

inline Incarnation process(std::uint8_t number) {
    Incarnation incarnation;
    incarnation.bytes[0] = 0xEE;
    incarnation.bytes[15] = number;
    return incarnation;
}

// Tenant `id` with a site of group 1 and the agents ann (11), bob (12) and cat (13) on chat, with
// room for 1, 2 and 3 conversations and one more that returns. Bob has messaging as well, which is
// switched off; cat has a limit of 4 over all channels and may not log in.
SeedTenant seed_tenant(std::int64_t id);

AgentChannel agent_channel(Channel channel, bool enabled, int slots_max, int slots_hard_max);

inline constexpr AgentId ann{11};
inline constexpr AgentId bob{12};
inline constexpr AgentId cat{13};

}  // namespace switchboard
