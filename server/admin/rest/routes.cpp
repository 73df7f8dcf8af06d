#include "admin/rest/routes.hpp"

#include <array>

#include "admin/resources/resources.hpp"

namespace switchboard {
namespace {

constexpr std::array<Route, 34> all{{
    {"getDocument", std::nullopt, get_document},
    {"listTenants", Action::manage_tenants, list_tenants},
    {"createTenant", Action::manage_tenants, create_tenant},
    {"getTenant", Action::manage_tenants, get_tenant},
    {"listKeys", Action::manage_keys, list_keys},
    {"createKey", Action::manage_keys, create_key},
    {"revokeKey", Action::manage_keys, revoke_key},
    {"listAgents", Action::read_configuration, list_agents},
    {"createAgent", Action::configure, create_agent},
    {"getAgent", Action::read_configuration, get_agent},
    {"changeAgent", Action::configure, change_agent},
    {"setLimits", Action::set_limits, set_limits},
    {"setTotalLimit", Action::set_limits, set_total_limit},
    {"setPresence", Action::direct_agents, set_presence},
    {"listGroups", Action::read_configuration, list_groups},
    {"createGroup", Action::configure, create_group},
    {"getGroup", Action::read_configuration, get_group},
    {"changeGroup", Action::configure, change_group},
    {"listSites", Action::read_configuration, list_sites},
    {"createSite", Action::configure, create_site},
    {"getSite", Action::read_configuration, get_site},
    {"changeSite", Action::configure, change_site},
    {"showAvailability", Action::read_availability, show_availability},
    {"getSettings", Action::read_configuration, get_settings},
    {"changeSettings", Action::configure, change_settings},
    {"showLive", Action::watch_agents, show_live},
    {"listConversations", Action::read_history, list_conversations, Action::read_conversation},
    {"getConversation", Action::read_history, get_conversation, Action::read_conversation},
    {"listEntries", Action::read_history, list_entries, Action::read_conversation},
    {"closeConversation", Action::close_conversation, close_conversation},
    {"listBlocks", Action::read_blocks, list_blocks},
    {"createBlock", Action::block_anyone, create_block},
    {"getBlock", Action::read_blocks, get_block},
    {"liftBlock", Action::lift_block, lift_block},
}};

}  // namespace

std::span<const Route> routes() { return all; }

}  // namespace switchboard
