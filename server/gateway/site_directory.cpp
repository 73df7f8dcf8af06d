#include "gateway/site_directory.hpp"

#include <boost/algorithm/string/predicate.hpp>

#include <algorithm>

namespace switchboard {
namespace {

constexpr std::size_t key_bytes_max = 100;

bool is_key(std::string_view key) {
    return !key.empty() && key.size() <= key_bytes_max && std::ranges::all_of(key, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

}  // namespace

std::optional<DoorKey> parse_socket_path(std::string_view path) {
    constexpr std::string_view sites = "/v1/sites/";
    constexpr std::string_view tenants = "/v1/tenants/";
    constexpr std::string_view socket = "/socket";
    const bool is_site = path.starts_with(sites);
    if (!is_site && !path.starts_with(tenants)) return std::nullopt;
    if (!path.ends_with(socket)) return std::nullopt;
    path.remove_suffix(socket.size());
    const auto prefix = is_site ? sites.size() : tenants.size();
    if (path.size() < prefix || !is_key(path.substr(prefix))) return std::nullopt;
    return DoorKey{is_site, std::string(path.substr(prefix))};
}

boost::asio::awaitable<boost::system::result<Door, int>> SiteDirectory::open(
    DoorKey key, std::vector<std::string> origins, Time now) {
    const std::string name = (key.is_site ? "site " : "tenant ") + key.key;
    auto found = known_.find(name);
    if (found != known_.end() && now < found->second.good_until)
        co_return judge(found->second, origins);

    auto known = co_await look_up(std::move(key));
    found = known_.find(name);
    if (!known) {
        // What was right a while ago is a better answer than none.
        if (found != known_.end()) co_return judge(found->second, origins);
        co_return 503;
    }
    known->good_until = now + kept_;
    if (known_.size() >= keys_max) known_.clear();
    co_return judge(known_[name] = std::move(*known), origins);
}

boost::asio::awaitable<Result<SiteDirectory::Known>> SiteDirectory::look_up(DoorKey key) {
    Known known;
    if (key.is_site) {
        auto site = co_await store_.find_site(std::move(key.key));
        if (!site) co_return site.error();
        if (*site) {
            known.door = Door{(*site)->tenant, (*site)->site};
            known.origins = std::move((*site)->origins);
        }
    } else {
        auto tenant = co_await store_.find_tenant(std::move(key.key));
        if (!tenant) co_return tenant.error();
        if (*tenant) {
            known.door = Door{(*tenant)->tenant, {}};
            known.origins = std::move((*tenant)->origins);
        }
    }
    co_return known;
}

boost::system::result<Door, int> SiteDirectory::judge(const Known& known,
                                                      const std::vector<std::string>& origins) {
    if (!known.door) return 404;
    if (origins.size() != 1) return 403;
    if (std::ranges::find(known.origins, origins.front()) == known.origins.end()) return 403;
    return *known.door;
}

std::vector<std::string> origins_of(const HttpRequest& request) {
    std::vector<std::string> origins;
    for (const auto& field : request.fields) {
        if (boost::algorithm::iequals(field.name, "origin")) origins.push_back(field.value);
    }
    return origins;
}

}  // namespace switchboard
