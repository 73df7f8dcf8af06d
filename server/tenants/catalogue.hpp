#pragma once

#include <boost/asio/awaitable.hpp>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "domain/configuration.hpp"
#include "domain/errors.hpp"

namespace switchboard {

// A customer as the operator of the server sees him.
struct StoredTenant {
    TenantId id;
    PublicId public_id;
    std::string key;  // in the path of the agents' socket and of their login
    std::string name;
    int retention_days = 365;                // how long messages are kept
    std::vector<std::string> agent_origins;  // from which agents may connect, exact

    bool operator==(const StoredTenant&) const = default;
};

// Which part of a list: those with ids above `after`, ascending.
struct Slice {
    std::int64_t after = 0;
    int limit = 50;  // 1..1000
};

enum class Configured : std::uint8_t { agent = 1, group = 2, site = 3, block = 4 };

// A number for something that is about to be configured, and what it was first asked for. A block
// is numbered by the log: it has none here.
struct Reservation {
    TenantId tenant;
    Configured kind = Configured::agent;
    PublicId public_id;
    std::array<std::uint8_t, 32> request{};  // SHA-256 of what is to be configured

    bool operator==(const Reservation&) const = default;
};

struct Reserved {
    std::int64_t id = 0;
    bool is_new = true;           // nobody reserved this public id before
    bool is_same_request = true;  // he who did asked for the same
    PublicId made;                // what it came to, as far as noted; see came_to()

    bool operator==(const Reserved&) const = default;
};

// What is configured, as stored: read beside the log, so it shows what was acknowledged. Only what
// no owner keeps in memory is written here: tenants that nobody serves yet, and numbers.
//
// Any call may fail with an error_code when the database cannot be reached. Resumes on the caller's
// executor. Any thread. All texts are storable (domain/text.hpp). An unknown tenant has nothing.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/catalogue_test.cpp.
class Catalogue {
public:
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    virtual ~Catalogue() = default;

    virtual Answer<std::vector<StoredTenant>> tenants(Slice slice) = 0;
    virtual Answer<std::optional<StoredTenant>> find_tenant(PublicId id) = 0;
    virtual Answer<std::optional<StoredTenant>> find_tenant_by_key(std::string key) = 0;

    // Stores a tenant (its `id` is not looked at) and returns it; one with this public id that is
    // there already is returned as it is. Nothing when another one has the key.
    virtual Answer<std::optional<StoredTenant>> create_tenant(StoredTenant tenant) = 0;

    virtual Answer<std::vector<Agent>> agents(TenantId tenant, Slice slice) = 0;
    virtual Answer<std::optional<Agent>> find_agent(TenantId tenant, PublicId id) = 0;

    virtual Answer<std::vector<Group>> groups(TenantId tenant, Slice slice) = 0;
    virtual Answer<std::optional<Group>> find_group(TenantId tenant, PublicId id) = 0;

    virtual Answer<std::vector<Site>> sites(TenantId tenant, Slice slice) = 0;
    virtual Answer<std::optional<Site>> find_site(TenantId tenant, std::string key) = 0;

    virtual Answer<TenantSettings> settings(TenantId tenant) = 0;

    // The id under which this public id is to be configured: a new one the first time, the same one
    // each time after that, for ever. So a request that is made again configures the same thing.
    virtual Answer<Reserved> reserve(Reservation wanted) = 0;

    // Notes that what was reserved came to another thing, which was there already. Returns what is
    // noted: the first that was.
    virtual Answer<PublicId> came_to(TenantId tenant, PublicId reserved, PublicId made) = 0;
};

}  // namespace switchboard
