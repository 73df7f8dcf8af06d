#pragma once

#include <string>
#include <vector>

#include "domain/principal.hpp"

namespace switchboard {

// An agent or manager as the demo has him: in the demo's one group, with equal limits on each of
// his channels.
struct DemoAgent {
    PublicId public_id;
    std::string login;
    std::string name;
    std::string password_hash;
    Role role = Role::agent;
    std::vector<Channel> channels{Channel::chat};
    int slots_max = 1;
    int slots_hard_max = 1;
};

// A customer with one site, served by one group of agents.
struct DemoTenant {
    PublicId public_id;
    std::string tenant_key;
    std::string site_key;
    std::string name;
    std::vector<std::string> origins;  // of the pages that may open sockets, for site and agents
    std::vector<DemoAgent> agents;
};

// Both throw what libpqxx throws.

bool has_tenant(const std::string& connection, const std::string& tenant_key);

// Stores the tenant, or when there is one with its key sets the origins of that one and of its
// sites, and nothing else. Written past the tenant's log, so only before its agents are served.
void seed_demo(const std::string& connection, const DemoTenant& demo);

}  // namespace switchboard
