#include "conformance/storage.hpp"

namespace switchboard {

namespace {

PublicId seed_id(std::int64_t tenant, std::uint8_t kind, std::int64_t number) {
    PublicId id;
    id.bytes = {kind, static_cast<std::uint8_t>(tenant)};
    id.bytes[15] = static_cast<std::uint8_t>(number);
    return id;
}

}  // namespace

SeedTenant seed_tenant(std::int64_t id) {
    SeedTenant seed;
    seed.state.id = TenantId{id};
    seed.state.retention_days = 30;
    seed.key = "tenant-" + std::to_string(id);
    seed.agent_origins = {"https://console.example"};
    seed.state.settings.agent_grace = std::chrono::seconds(45);
    seed.state.settings.when_agent_gone = WhenAgentGone::keep;
    seed.state.settings.draft_preview = true;
    for (const std::int64_t group : {1, 2})
        seed.state.groups.push_back({GroupId{group}, seed_id(id, 0xB0, group), "a group"});
    Site shop{SiteId{1}, seed.key + "-shop", "The \"shop\" é", {}, {GroupId{1}, GroupId{2}}, {}};
    shop.origins = {"https://shop.example:8443", "https://\"odd\",{}\\.example"};
    shop.rules = {{Channel::chat, WhenNobodyFree::refuse, 7, std::chrono::seconds(90)}};
    Site blog{SiteId{2}, seed.key + "-blog", "", shop.origins, {}, {}};
    seed.state.sites = {shop, blog};
    for (const auto agent_id : {ann, bob, cat}) {
        const int slots = static_cast<int>(agent_id.value - 10);
        Agent agent;
        agent.id = agent_id;
        agent.public_id = seed_id(id, 0xA0, agent_id.value);
        agent.login = "agent" + std::to_string(agent_id.value) + "@example.com";
        agent.enabled = agent_id != cat;
        agent.total_max = agent_id == cat ? 4 : 0;
        agent.name = "Agent \"" + std::to_string(agent_id.value) + "\" é";
        agent.groups = {GroupId{1}};
        if (agent_id == cat) agent.groups = {GroupId{1}, GroupId{2}};
        agent.channels = {agent_channel(Channel::chat, true, slots, slots + 1)};
        if (agent_id == bob)
            agent.channels.push_back(agent_channel(Channel::messaging, false, 3, 3));
        seed.state.agents.push_back(agent);

        SeedAccount account;
        account.principal = {seed.state.id, Role::agent, person(agent_id), agent.public_id};
        account.login = agent.login;
        account.password_hash = "hash of " + account.login;
        account.is_enabled = agent.enabled;
        seed.accounts.push_back(account);
    }
    return seed;
}

AgentChannel agent_channel(Channel channel, bool enabled, int slots_max, int slots_hard_max) {
    AgentChannel made;
    made.channel = channel;
    made.enabled = enabled;
    made.slots_max = slots_max;
    made.slots_hard_max = slots_hard_max;
    return made;
}

}  // namespace switchboard
