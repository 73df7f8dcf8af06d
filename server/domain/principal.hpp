#pragma once

#include "domain/person.hpp"

namespace switchboard {

enum class Role : std::uint8_t {
    visitor = 1,
    agent = 2,
    bot = 3,
    viewer = 4,
    manager = 5,
    admin = 6,
    account_owner = 7,
    site = 8,
    operator_ = 9,  // of the whole server
};

// Who is asking, as proven by credentials.
struct Principal {
    TenantId tenant;
    Role role = Role::visitor;
    Person person;              // of a visitor only the kind: the engine knows him by public_id
    PublicId public_id;         // of that person
    std::uint64_t actions = 0;  // of a site's key: what it may do, a bit for each Action

    bool operator==(const Principal&) const = default;
};

}  // namespace switchboard
