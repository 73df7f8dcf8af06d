#include "postgres/catalogue.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "domain/text.hpp"
#include "postgres/connection_pool.hpp"
#include "support/await_result.hpp"
#include "support/memory_catalogue.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {
namespace {

PublicId public_id(std::uint8_t number) {
    PublicId id;
    id.bytes = {0xCA, number};
    return id;
}

StoredTenant tenant(std::uint8_t number) {
    StoredTenant tenant;
    tenant.public_id = public_id(number);
    tenant.key = "tenant-" + std::to_string(number);
    tenant.name = "A \"tenant\" é";
    tenant.retention_days = 30;
    tenant.agent_origins = {"https://a.example", "https://\"odd\",{}\\.example"};
    return tenant;
}

Agent agent(std::int64_t id) {
    Agent agent;
    agent.id.value = id;
    agent.public_id = public_id(static_cast<std::uint8_t>(id));
    agent.login = "agent" + std::to_string(id) + "@example.com";
    agent.name = "Agent é";
    agent.role = id == 12 ? Role::manager : Role::agent;
    agent.enabled = id != 13;
    if (id != 12) agent.groups = {GroupId{1}, GroupId{2}};
    if (id == 11) {
        agent.total_max = 7;
        agent.channels.resize(2);
        agent.channels[0].slots_max = 2;
        agent.channels[0].slots_hard_max = 3;
        agent.channels[0].wrap_up = std::chrono::seconds(30);
        agent.channels[1].channel = Channel::call;
        agent.channels[1].enabled = false;
    }
    return agent;
}

Site site(std::int64_t id) {
    Site site;
    site.id.value = id;
    site.key = "site-" + std::to_string(id);
    site.name = "A site";
    site.origins = {"https://shop.example:8443"};
    if (id == 1) {
        site.groups = {GroupId{1}, GroupId{2}};
        site.rules.resize(2);
        site.rules[0].when_nobody_free = WhenNobodyFree::refuse;
        site.rules[0].wait_max = std::chrono::seconds(60);
        site.rules[1].channel = Channel::messaging;
        site.rules[1].when_waited_long = WhenWaitedLong::leave_message;
    }
    return site;
}

Group group(std::int64_t id) {
    return {GroupId{id}, public_id(static_cast<std::uint8_t>(100 + id)), "Group é"};
}

// What its owner's commits would have stored.
void store_in(pqxx::connection& connection, TenantId tenant) {
    pqxx::work work(connection);
    const auto t = tenant.value;
    for (const std::int64_t id : {1, 2}) {
        work.exec_params(
            "INSERT INTO agent_group (tenant_id, group_id, name, public_id)"
            " VALUES ($1, $2, $3, $4)",
            t,
            id,
            group(id).name,
            to_text(group(id).public_id));
        work.exec_params(
            "INSERT INTO site (tenant_id, site_id, site_key, name, origins)"
            " VALUES ($1, $2, $3, $4, ARRAY['https://shop.example:8443'])",
            t,
            id,
            site(id).key,
            site(id).name);
    }
    for (const SiteRule& rule : site(1).rules) {
        work.exec_params(
            "INSERT INTO site_rule (tenant_id, site_id, channel, when_nobody_free,"
            " waiting_max, wait_max_s, when_waited_long) VALUES ($1,1,$2,$3,$4,$5,$6)",
            t,
            static_cast<int>(rule.channel),
            static_cast<int>(rule.when_nobody_free),
            rule.waiting_max,
            rule.wait_max.count(),
            static_cast<int>(rule.when_waited_long));
    }
    for (const std::int64_t id : {11, 12, 13}) {
        const Agent each = agent(id);
        work.exec_params(
            "INSERT INTO agent (tenant_id, agent_id, public_id, login, password_hash,"
            " role, name, enabled) VALUES ($1, $2, $3, $4, 'hash', $5, $6, $7)",
            t,
            id,
            to_text(each.public_id),
            each.login,
            static_cast<int>(each.role),
            each.name,
            each.enabled);
        for (const GroupId member_of : each.groups)
            work.exec_params("INSERT INTO membership VALUES ($1, $2, $3)", t, member_of.value, id);
        for (const AgentChannel& channel : each.channels)
            work.exec_params(
                "INSERT INTO agent_channel (tenant_id, agent_id, channel, enabled,"
                " slots_max, slots_hard_max, wrap_up_s) VALUES ($1,$2,$3,$4,$5,$6,$7)",
                t,
                id,
                static_cast<int>(channel.channel),
                channel.enabled,
                channel.slots_max,
                channel.slots_hard_max,
                channel.wrap_up.count());
    }
    work.exec_params("INSERT INTO site_group VALUES ($1, 1, 1), ($1, 1, 2)", t);
    work.exec_params(
        "INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max,"
        " slots_hard_max) VALUES ($1, 11, 0, 7, 7)",
        t);
    work.exec_params(
        "UPDATE tenant SET agent_grace_s = 7, when_agent_gone = 2, draft_preview = true"
        " WHERE tenant_id = $1",
        t);
    work.commit();
}

class CatalogueOn : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        if (GetParam() == "memory") {
            auto memory = std::make_unique<MemoryCatalogue>();
            memory_ = memory.get();
            catalogue_ = std::move(memory);
        } else {
            connection_ = fresh_database();
            pool_ = std::make_unique<ConnectionPool>(ConnectionPool::Settings{connection_});
            catalogue_ = std::make_unique<PostgresCatalogue>(*pool_);
        }
        ours_ = create(tenant(1)).value().id;
    }

    std::optional<StoredTenant> create(const StoredTenant& wanted) {
        return await_result(catalogue_->create_tenant(wanted)).value();
    }

    void furnish() {
        if (memory_ == nullptr) {
            pqxx::connection connection(connection_);
            return store_in(connection, ours_);
        }
        for (const std::int64_t id : {1, 2}) {
            memory_->put(ours_, group(id));
            memory_->put(ours_, site(id));
        }
        for (const std::int64_t id : {11, 12, 13})
            memory_->put(ours_, agent(id));
        TenantSettings settings;
        settings.agent_grace = std::chrono::seconds(7);
        settings.when_agent_gone = WhenAgentGone::keep;
        settings.draft_preview = true;
        memory_->put(ours_, settings);
    }

    Reserved reserve(const Reservation& wanted) {
        return await_result(catalogue_->reserve(wanted)).value();
    }

    std::string connection_;
    std::unique_ptr<ConnectionPool> pool_;
    std::unique_ptr<Catalogue> catalogue_;
    MemoryCatalogue* memory_ = nullptr;
    TenantId ours_;
};

TEST_P(CatalogueOn, CreatesATenantOnceForAPublicIdAndForAKey) {
    const auto first = create(tenant(2));
    ASSERT_TRUE(first);
    StoredTenant expected = tenant(2);
    expected.id = first->id;
    EXPECT_EQ(*first, expected);
    StoredTenant same_id = tenant(3);
    same_id.public_id = expected.public_id;
    EXPECT_EQ(create(same_id), expected);
    StoredTenant same_key = tenant(3);
    same_key.key = expected.key;
    EXPECT_FALSE(create(same_key));
    EXPECT_EQ(await_result(catalogue_->find_tenant(expected.public_id)).value(), expected);
    EXPECT_EQ(await_result(catalogue_->find_tenant_by_key(expected.key)).value(), expected);
    EXPECT_FALSE(await_result(catalogue_->find_tenant(public_id(9))).value());
    EXPECT_FALSE(await_result(catalogue_->find_tenant_by_key("x")).value());
}

TEST_P(CatalogueOn, ListsTenantsInSlices) {
    const StoredTenant second = create(tenant(2)).value();
    const StoredTenant third = create(tenant(3)).value();
    const auto slice = [&](Slice wanted) {
        return await_result(catalogue_->tenants(wanted)).value();
    };
    EXPECT_EQ(slice({ours_.value, 1}), std::vector{second});
    EXPECT_EQ(slice({second.id.value, 9}), std::vector{third});
    EXPECT_EQ(slice({0, 9}).size(), 3U);
}

TEST_P(CatalogueOn, ShowsAgentsWithTheirGroupsAndLimits) {
    furnish();
    const auto slice = [&](Slice wanted) {
        return await_result(catalogue_->agents(ours_, wanted)).value();
    };
    EXPECT_EQ(slice({0, 9}), (std::vector{agent(11), agent(12), agent(13)}));
    EXPECT_EQ(slice({11, 1}), std::vector{agent(12)});
    EXPECT_TRUE(slice({13, 1}).empty());
    const auto find = [&](TenantId tenant, std::int64_t id) {
        return await_result(catalogue_->find_agent(tenant, agent(id).public_id)).value();
    };
    EXPECT_EQ(find(ours_, 11), agent(11));
    EXPECT_FALSE(find(ours_, 14));
    EXPECT_FALSE(find(create(tenant(2)).value().id, 11));
}

TEST_P(CatalogueOn, ShowsSitesGroupsAndSettings) {
    furnish();
    const TenantId foreign = create(tenant(2)).value().id;
    const auto sites = await_result(catalogue_->sites(ours_, {0, 9})).value();
    EXPECT_EQ(sites, (std::vector{site(1), site(2)}));
    EXPECT_EQ(await_result(catalogue_->find_site(ours_, "site-1")).value(), site(1));
    EXPECT_FALSE(await_result(catalogue_->find_site(foreign, "site-1")).value());
    const auto groups = await_result(catalogue_->groups(ours_, {1, 9})).value();
    EXPECT_EQ(groups, std::vector{group(2)});
    const auto found = await_result(catalogue_->find_group(ours_, group(1).public_id)).value();
    EXPECT_EQ(found, group(1));
    EXPECT_FALSE(await_result(catalogue_->find_group(foreign, group(1).public_id)).value());
    const auto settings = await_result(catalogue_->settings(ours_)).value();
    EXPECT_EQ(settings.agent_grace, std::chrono::seconds(7));
    EXPECT_EQ(settings.when_agent_gone, WhenAgentGone::keep);
    EXPECT_TRUE(settings.draft_preview);
    EXPECT_EQ(await_result(catalogue_->settings(foreign)).value(), TenantSettings());
}

TEST_P(CatalogueOn, ReservesANumberForEverAndRemembersForWhat) {
    Reservation wanted{ours_, Configured::agent, public_id(50), {}};
    wanted.request[0] = 0xFF;
    const Reserved first = reserve(wanted);
    EXPECT_TRUE(first.is_new);
    EXPECT_TRUE(first.is_same_request);
    const Reserved again = reserve(wanted);
    EXPECT_EQ(again.id, first.id);
    EXPECT_FALSE(again.is_new);
    EXPECT_TRUE(again.is_same_request);
    Reservation other = wanted;
    other.request[31] = 1;
    EXPECT_FALSE(reserve(other).is_same_request);
    EXPECT_EQ(reserve(other).id, first.id);
    other = wanted;
    other.kind = Configured::site;
    EXPECT_FALSE(reserve(other).is_same_request);
    other = wanted;
    other.public_id = public_id(51);
    EXPECT_NE(reserve(other).id, first.id);
    other = wanted;
    other.tenant = create(tenant(2)).value().id;
    EXPECT_TRUE(reserve(other).is_new);
}

TEST_P(CatalogueOn, NotesOnceWhatAReservationCameTo) {
    const Reservation wanted{ours_, Configured::block, public_id(50), {}};
    EXPECT_EQ(reserve(wanted), (Reserved{0, true, true, {}}));
    const auto came_to = [&](const PublicId& made) {
        return await_result(catalogue_->came_to(ours_, wanted.public_id, made)).value();
    };
    EXPECT_EQ(came_to(public_id(60)), public_id(60));
    EXPECT_EQ(came_to(public_id(61)), public_id(60));
    EXPECT_EQ(reserve(wanted), (Reserved{0, false, true, public_id(60)}));
    Reservation other = wanted;
    other.public_id = public_id(51);
    EXPECT_EQ(reserve(other), (Reserved{0, true, true, {}}));
}

INSTANTIATE_TEST_SUITE_P(On,
                         CatalogueOn,
                         testing::Values("memory", "postgres"),
                         [](const auto& each) { return each.param; });

}  // namespace
}  // namespace switchboard
