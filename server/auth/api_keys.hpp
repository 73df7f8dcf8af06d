#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "auth/api_key_store.hpp"

namespace switchboard {

// What a key is made with.
struct NewKey {
    PublicId id;      // chosen by the caller, so that a request made again makes no second key
    TenantId tenant;  // 0: of the whole server
    std::string name;
    std::vector<std::string> scopes;
    std::optional<Time> expires_at;
};

struct MintedKey {
    std::string
        text;  // "sbk_<id>_<secret>": told once, kept nowhere; empty when it was there before
    StoredKey stored;
};

// The keys with which programs prove who they are: "sbk_", the id in 32 hexadecimal digits, "_",
// and 43 characters of base64url for 256 random bits, of which only the SHA-256 is stored. A key
// without a tenant is an operator's; one with a tenant is a site's, and does what its scopes say.
//
// Any thread. Time is the wall clock.
class ApiKeys {
public:
    // `store` must outlive every call.
    explicit ApiKeys(ApiKeyStore& store) : store_(store) {}

    // Makes a key. One with that id that is there already is returned without its text. Error: a
    // store's own.
    boost::asio::awaitable<Result<MintedKey>> mint(NewKey key, Time now);

    // Who bears this key. Whatever is wrong with it looks the same: denied. The time taken does not
    // depend on how much of a secret is right. Other errors: a store's own.
    boost::asio::awaitable<Result<Principal>> find(std::string text, Time now);

    ApiKeyStore& store() const { return store_; }

private:
    ApiKeyStore& store_;
};

}  // namespace switchboard
