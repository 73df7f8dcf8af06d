#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

#include "domain/errors.hpp"
#include "domain/ids.hpp"

namespace switchboard {

// What the path of a visitor's socket names, and from which web pages it may be opened.
struct SiteAddress {
    TenantId tenant;
    SiteId site;
    std::vector<std::string> origins;  // exact: "https://shop.example:8443"

    bool operator==(const SiteAddress&) const = default;
};

// The same for the socket of agents.
struct TenantAddress {
    TenantId tenant;
    std::vector<std::string> origins;

    bool operator==(const TenantAddress&) const = default;
};

// The public keys that sockets are addressed by. Any call may fail with an error_code when the
// database cannot be reached. A key that nobody has, or that is no text at all, gives nothing.
// Resumes on the caller's executor. Any thread.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/site_store_test.cpp.
class SiteStore {
public:
    virtual ~SiteStore() = default;

    virtual boost::asio::awaitable<Result<std::optional<SiteAddress>>> find_site(
        std::string site_key) = 0;

    virtual boost::asio::awaitable<Result<std::optional<TenantAddress>>> find_tenant(
        std::string tenant_key) = 0;
};

}  // namespace switchboard
