#pragma once

#include "admin/rest/call.hpp"

// What carries out each operation of openapi.json, in files by resource. Each is a Handler: its
// request is as the document says and its caller is allowed to ask for it.
namespace switchboard {

#define SWITCHBOARD_HANDLER(name) \
    boost::asio::awaitable<ApiAnswer> name(const RestParts& parts, const Call& call)

SWITCHBOARD_HANDLER(get_document);

SWITCHBOARD_HANDLER(list_tenants);
SWITCHBOARD_HANDLER(create_tenant);
SWITCHBOARD_HANDLER(get_tenant);

SWITCHBOARD_HANDLER(list_keys);
SWITCHBOARD_HANDLER(create_key);
SWITCHBOARD_HANDLER(revoke_key);

SWITCHBOARD_HANDLER(list_agents);
SWITCHBOARD_HANDLER(create_agent);
SWITCHBOARD_HANDLER(get_agent);
SWITCHBOARD_HANDLER(change_agent);
SWITCHBOARD_HANDLER(set_limits);
SWITCHBOARD_HANDLER(set_total_limit);
SWITCHBOARD_HANDLER(set_presence);

SWITCHBOARD_HANDLER(list_groups);
SWITCHBOARD_HANDLER(create_group);
SWITCHBOARD_HANDLER(get_group);
SWITCHBOARD_HANDLER(change_group);

SWITCHBOARD_HANDLER(list_sites);
SWITCHBOARD_HANDLER(create_site);
SWITCHBOARD_HANDLER(get_site);
SWITCHBOARD_HANDLER(change_site);

SWITCHBOARD_HANDLER(get_settings);
SWITCHBOARD_HANDLER(change_settings);

SWITCHBOARD_HANDLER(show_live);
SWITCHBOARD_HANDLER(show_availability);

SWITCHBOARD_HANDLER(list_conversations);
SWITCHBOARD_HANDLER(get_conversation);
SWITCHBOARD_HANDLER(list_entries);
SWITCHBOARD_HANDLER(close_conversation);

SWITCHBOARD_HANDLER(list_blocks);
SWITCHBOARD_HANDLER(create_block);
SWITCHBOARD_HANDLER(get_block);
SWITCHBOARD_HANDLER(lift_block);

#undef SWITCHBOARD_HANDLER

}  // namespace switchboard
