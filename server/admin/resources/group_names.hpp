#pragma once

#include <boost/json.hpp>

#include <map>
#include <optional>
#include <vector>

#include "admin/rest/call.hpp"

namespace switchboard {

// The groups of a tenant by their inner and their public ids.
class GroupNames {
public:
    static boost::asio::awaitable<Result<GroupNames>> load(Catalogue& catalogue, TenantId tenant);

    boost::json::array to_json(const std::vector<GroupId>& groups) const;

    // Those of `field` of a request, ascending; `present` when it has none. Nothing when one of
    // them is unknown.
    std::optional<std::vector<GroupId>> read(const boost::json::object& body,
                                             std::string_view field,
                                             const std::vector<GroupId>& present) const;

private:
    std::map<GroupId, PublicId> outer_;
    std::map<PublicId, GroupId> inner_;
};

}  // namespace switchboard
