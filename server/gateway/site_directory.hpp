#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/unordered_map.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/time.hpp"
#include "net/http.hpp"
#include "tenants/site_store.hpp"

namespace switchboard {

// Where a socket leads.
struct Door {
    TenantId tenant;
    SiteId site;  // a visitor's; none: the agents' door

    bool is_for_agents() const { return !site; }
};

// What the path of a socket names.
struct DoorKey {
    bool is_site = true;  // else a tenant, by the key for its agents
    std::string key;

    bool operator==(const DoorKey&) const = default;
};

// "/v1/sites/{site_key}/socket" and "/v1/tenants/{tenant_key}/socket"; nothing for another path.
std::optional<DoorKey> parse_socket_path(std::string_view path);

// Judges who may open a socket, before anything is upgraded: by the key in the path and by the
// Origin, which must be one of those configured, to the letter. That is no authentication; it keeps
// other people's pages from using their visitors' browsers.
//
// Keeps what it looked up for a while, at most keys_max keys. One thread: each has its own.
class SiteDirectory {
public:
    static constexpr std::size_t keys_max = 10'000;

    // `store` must outlive it.
    SiteDirectory(SiteStore& store, std::chrono::seconds kept) : store_(store), kept_(kept) {}

    // The door, or the HTTP status of the refusal: 404 unknown key, 403 wrong or missing Origin,
    // 503 the database cannot be reached and nothing is remembered.
    boost::asio::awaitable<boost::system::result<Door, int>> open(DoorKey key,
                                                                  std::vector<std::string> origins,
                                                                  Time now);

private:
    struct Known {
        std::optional<Door> door;  // none: there is no such key
        std::vector<std::string> origins;
        Time good_until;
    };

    boost::asio::awaitable<Result<Known>> look_up(DoorKey key);
    static boost::system::result<Door, int> judge(const Known& known,
                                                  const std::vector<std::string>& origins);

    SiteStore& store_;
    std::chrono::seconds kept_;
    boost::unordered_map<std::string, Known> known_;
};

// The values of all Origin fields.
std::vector<std::string> origins_of(const HttpRequest& request);

}  // namespace switchboard
