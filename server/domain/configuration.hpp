#pragma once

#include <string>
#include <vector>

#include "domain/presence.hpp"
#include "domain/principal.hpp"
#include "domain/settings.hpp"

namespace switchboard {

struct Group {
    GroupId id;
    PublicId public_id;
    std::string name;

    bool operator==(const Group&) const = default;
};

// A website of the tenant and who answers on it.
struct Site {
    SiteId id;
    std::string key;  // its public name, in the path of the visitors' socket
    std::string name;
    std::vector<std::string> origins;  // from which its visitors come, exact
    std::vector<GroupId> groups;       // that serve it, ascending
    std::vector<SiteRule> rules;       // ascending by channel

    bool operator==(const Site&) const = default;
};

// An agent on one channel.
struct AgentChannel {
    Channel channel = Channel::chat;
    bool enabled = true;
    int slots_max = 1;                // limit for new work
    int slots_hard_max = 1;           // limit for returning work; >= slots_max
    std::chrono::seconds wrap_up{0};  // held after a conversation ends
    Wish wish;
    Colour colour;    // as last recorded
    Pos version = 0;  // of that record

    bool operator==(const AgentChannel&) const = default;
};

struct Agent {
    AgentId id;
    PublicId public_id;
    std::string login;
    std::string name;
    Role role = Role::agent;
    bool enabled = true;                 // may log in
    int total_max = 0;                   // conversations over all channels; 0: no limit of its own
    std::vector<GroupId> groups;         // ascending
    std::vector<AgentChannel> channels;  // ascending
    Attendance attendance = Attendance::absent;  // as last recorded
    Pos idle_pos = 0;  // of the last release of one of his slots, or turn to green by intent

    bool operator==(const Agent&) const = default;
};

// An agent or manager as configured. What is empty or 0 here and not there before is not changed.
struct Account {
    AgentId id;
    PublicId public_id;
    std::string login;
    std::string password_hash;  // argon2id; empty: as it was
    std::string name;
    Role role = Role::agent;
    bool enabled = true;
    std::vector<GroupId> groups;  // ascending
};

}  // namespace switchboard
