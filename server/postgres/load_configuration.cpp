#include "postgres/load_configuration.hpp"

#include <algorithm>
#include <map>

#include "postgres/columns.hpp"

namespace switchboard {
namespace {

constexpr auto all_settings =
    "SELECT agent_grace_s, visitor_grace_s, confirm_within_s, inactive_after_s, close_after_s,"
    "       when_agent_gone, draft_preview FROM tenant WHERE tenant_id = $1";

constexpr auto all_groups =
    "SELECT group_id, public_id, name FROM agent_group WHERE tenant_id = $1 ORDER BY group_id";

constexpr auto all_sites =
    "SELECT site_id, site_key, name, origins FROM site WHERE tenant_id = $1 ORDER BY site_id";

constexpr auto all_site_groups =
    "SELECT site_id, group_id FROM site_group WHERE tenant_id = $1 ORDER BY site_id, group_id";

constexpr auto all_rules =
    "SELECT site_id, channel, when_nobody_free, waiting_max, wait_max_s, when_waited_long"
    "  FROM site_rule WHERE tenant_id = $1 ORDER BY site_id, channel";

constexpr auto all_agents =
    "SELECT agent_id, public_id, name, login, role, enabled, attendance FROM agent"
    " WHERE tenant_id = $1 ORDER BY agent_id";

constexpr auto all_memberships =
    "SELECT agent_id, group_id FROM membership WHERE tenant_id = $1 ORDER BY agent_id, group_id";

// Channel 0 is the limit over all of them.
constexpr auto all_channels =
    "SELECT agent_id, channel, enabled, slots_max, slots_hard_max, idle_pos, wrap_up_s,"
    "       intent, cause, wish_text, status, reason, reconnecting, version FROM agent_channel"
    " WHERE tenant_id = $1 ORDER BY agent_id, channel";

constexpr auto all_blocks =
    "SELECT block_id, public_id, visitor_id, visitor_public_id, visitor_name, by_kind, by_id,"
    "       reason, " SWITCHBOARD_MICROSECONDS("at") ", " SWITCHBOARD_MICROSECONDS(
        "expires_at") " FROM block"
                      " WHERE tenant_id = $1 AND lifted_at IS NULL ORDER BY block_id";

std::chrono::seconds to_seconds(const pqxx::field& column) {
    return std::chrono::seconds(column.as<int>());
}

TenantSettings settings(const pqxx::row& row) {
    TenantSettings settings;
    settings.agent_grace = to_seconds(row[0]);
    settings.visitor_grace = to_seconds(row[1]);
    settings.confirm_within = to_seconds(row[2]);
    settings.inactive_after = to_seconds(row[3]);
    settings.close_after = to_seconds(row[4]);
    settings.when_agent_gone = to_enum<WhenAgentGone>(row[5]);
    settings.draft_preview = row[6].as<bool>();
    return settings;
}

// Where each thing of a list is, by its id.
template <class Thing>
std::map<std::int64_t, Thing*> by_id(std::vector<Thing>& list) {
    std::map<std::int64_t, Thing*> places;
    for (Thing& thing : list)
        places[thing.id.value] = &thing;
    return places;
}

// Gives each row to the thing whose id it begins with; what names none is left out.
template <class Thing, class Give>
void hand_out(const pqxx::result& rows, std::vector<Thing>& list, const Give& give) {
    const auto places = by_id(list);
    for (const auto& row : rows) {
        const auto place = places.find(row[0].as<std::int64_t>());
        if (place != places.end()) give(*place->second, row);
    }
}

std::vector<Group> groups(const pqxx::result& rows) {
    std::vector<Group> list;
    for (const auto& row : rows)
        list.push_back(
            {GroupId{row[0].as<std::int64_t>()}, to_bits<PublicId>(row[1]), to_text(row[2])});
    return list;
}

std::vector<Site> sites(const pqxx::result& rows) {
    std::vector<Site> list;
    for (const auto& row : rows) {
        Site site;
        site.id.value = row[0].as<std::int64_t>();
        site.key = to_text(row[1]);
        site.name = to_text(row[2]);
        site.origins = to_texts(row[3]);
        list.push_back(std::move(site));
    }
    return list;
}

SiteRule rule(const pqxx::row& row) {
    SiteRule rule;
    rule.channel = to_enum<Channel>(row[1]);
    rule.when_nobody_free = to_enum<WhenNobodyFree>(row[2]);
    rule.waiting_max = row[3].as<int>();
    rule.wait_max = to_seconds(row[4]);
    rule.when_waited_long = to_enum<WhenWaitedLong>(row[5]);
    return rule;
}

std::vector<Agent> agents(const pqxx::result& rows) {
    std::vector<Agent> list;
    for (const auto& row : rows) {
        Agent agent;
        agent.id.value = row[0].as<std::int64_t>();
        agent.public_id = to_bits<PublicId>(row[1]);
        agent.name = to_text(row[2]);
        agent.login = to_text(row[3]);
        agent.role = to_enum<Role>(row[4]);
        agent.enabled = row[5].as<bool>();
        agent.attendance = to_enum<Attendance>(row[6]);
        list.push_back(std::move(agent));
    }
    return list;
}

AgentChannel channel(const pqxx::row& row) {
    AgentChannel channel;
    channel.channel = to_enum<Channel>(row[1]);
    channel.enabled = row[2].as<bool>();
    channel.slots_max = row[3].as<int>();
    channel.slots_hard_max = row[4].as<int>();
    channel.wrap_up = to_seconds(row[6]);
    channel.wish = {to_enum<Intent>(row[7]), to_enum<Reason>(row[8]), to_text(row[9])};
    channel.colour = {to_enum<Status>(row[10]), to_enum<Reason>(row[11]), row[12].as<bool>()};
    channel.version = row[13].as<Pos>();
    return channel;
}

void add_channel(Agent& agent, const pqxx::row& row) {
    if (row[1].as<int>() == 0) {
        agent.total_max = row[3].as<int>();
        return;
    }
    agent.channels.push_back(channel(row));
    agent.idle_pos = std::max(agent.idle_pos, row[5].as<Pos>());
}

}  // namespace

void load_configuration(pqxx::transaction_base& transaction, TenantState& state) {
    const auto read = [&](const char* query) {
        return transaction.exec_params(query, state.id.value);
    };
    const auto add_group = [](auto& thing, const pqxx::row& row) {
        thing.groups.push_back({row[1].as<std::int64_t>()});
    };
    state.settings = settings(read(all_settings).at(0));
    state.groups = groups(read(all_groups));
    state.sites = sites(read(all_sites));
    hand_out(read(all_site_groups), state.sites, add_group);
    hand_out(read(all_rules), state.sites, [](Site& site, const pqxx::row& row) {
        site.rules.push_back(rule(row));
    });
    state.agents = agents(read(all_agents));
    hand_out(read(all_memberships), state.agents, add_group);
    hand_out(read(all_channels), state.agents, add_channel);
    for (const auto& row : read(all_blocks))
        state.blocks.push_back(to_block(row));
}

}  // namespace switchboard
