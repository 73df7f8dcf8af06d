#include "conformance/storage.hpp"

namespace switchboard {

SeedTenant seed_tenant(std::int64_t id) {
    SeedTenant seed;
    seed.state.id = TenantId{id};
    seed.state.retention_days = 30;
    seed.state.sites = {{SiteId{1}, {GroupId{1}, GroupId{2}}}, {SiteId{2}, {}}};
    seed.key = "tenant-" + std::to_string(id);
    seed.agent_origins = {"https://console.example"};
    seed.site_keys = {seed.key + "-shop", seed.key + "-blog"};
    seed.site_origins = {"https://shop.example:8443", "https://\"odd\",{}\\.example"};
    for (const auto agent_id : {ann, bob, cat}) {
        const int slots = static_cast<int>(agent_id.value - 10);
        Agent agent;
        agent.id = agent_id;
        agent.public_id.bytes = {0xA0, static_cast<std::uint8_t>(id)};
        agent.public_id.bytes[15] = static_cast<std::uint8_t>(agent_id.value);
        agent.name = "Agent \"" + std::to_string(agent_id.value) + "\" é";
        agent.groups = {GroupId{1}};
        if (agent_id == cat) agent.groups = {GroupId{1}, GroupId{2}};
        agent.channels = {{Channel::chat, true, slots, slots + 1}};
        if (agent_id == bob) agent.channels.push_back({Channel::messaging, false, 3, 3});
        seed.state.agents.push_back(agent);

        SeedAccount account;
        account.principal = {seed.state.id, Role::agent, person(agent_id), agent.public_id};
        account.login = "agent" + std::to_string(agent_id.value) + "@example.com";
        account.password_hash = "hash of " + account.login;
        account.is_enabled = agent_id != cat;
        seed.accounts.push_back(account);
    }
    return seed;
}

}  // namespace switchboard
