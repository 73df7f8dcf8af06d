#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

#include "auth/digest.hpp"
#include "domain/errors.hpp"
#include "domain/principal.hpp"
#include "domain/time.hpp"

namespace switchboard {

// An API key as it is kept: never the key itself.
struct StoredKey {
    std::int64_t number = 0;          // given by the store, in the order in which keys are made
    PublicId id;                      // the part of the key that is no secret
    TenantId tenant;                  // 0: of the whole server
    Digest secret{};                  // SHA-256 of the part that is
    std::string name;                 // what it is for, as its maker says; at most 100 bytes
    std::vector<std::string> scopes;  // of domain/authorize, ascending; none for a server's
    Time created_at;
    std::optional<Time> expires_at;
    std::optional<Time> revoked_at;

    bool operator==(const StoredKey&) const = default;
};

// Which keys of a tenant, newest first.
struct KeyQuery {
    TenantId tenant;
    std::int64_t before = 0;  // only those with lower numbers; 0: from the newest
    int limit = 50;           // 1..1000
};

// API keys as stored. Any call may fail with an error_code when the database cannot be reached; the
// caller answers `unavailable`. Resumes on the caller's executor. Any thread.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/api_key_store_test.cpp.
class ApiKeyStore {
public:
    virtual ~ApiKeyStore() = default;

    // Stores a key, whose `number` is not looked at, and returns it; one with this id that is there
    // already stays, and is returned instead.
    virtual boost::asio::awaitable<Result<StoredKey>> add_key(StoredKey key) = 0;

    // Whatever its tenant, revoked and expired ones too.
    virtual boost::asio::awaitable<Result<std::optional<StoredKey>>> find_key(PublicId id) = 0;

    virtual boost::asio::awaitable<Result<std::vector<StoredKey>>> keys(KeyQuery query) = 0;

    // The first time stands. The key as it then is; nothing when the tenant has no such key.
    virtual boost::asio::awaitable<Result<std::optional<StoredKey>>> revoke_key(TenantId tenant,
                                                                                PublicId id,
                                                                                Time at) = 0;
};

}  // namespace switchboard
