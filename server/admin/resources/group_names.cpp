#include "admin/resources/group_names.hpp"

#include <algorithm>

#include "domain/text.hpp"

namespace switchboard {

boost::asio::awaitable<Result<GroupNames>> GroupNames::load(Catalogue& catalogue, TenantId tenant) {
    GroupNames names;
    Slice slice;
    slice.limit = 1000;
    for (bool is_full = true; is_full;) {
        const auto groups = co_await catalogue.groups(tenant, slice);
        if (!groups) co_return groups.error();
        for (const Group& group : *groups) {
            names.outer_[group.id] = group.public_id;
            names.inner_[group.public_id] = group.id;
            slice.after = group.id.value;
        }
        is_full = groups->size() == static_cast<std::size_t>(slice.limit);
    }
    co_return names;
}

boost::json::array GroupNames::to_json(const std::vector<GroupId>& groups) const {
    boost::json::array list;
    for (const GroupId group : groups) {
        const auto found = outer_.find(group);
        if (found != outer_.end()) list.emplace_back(to_text(found->second));
    }
    return list;
}

std::optional<std::vector<GroupId>> GroupNames::read(const boost::json::object& body,
                                                     std::string_view field,
                                                     const std::vector<GroupId>& present) const {
    const auto* value = body.if_contains(field);
    if (value == nullptr) return present;
    std::vector<GroupId> groups;
    for (const auto& each : value->as_array()) {
        PublicId id;
        if (const auto bytes = parse_uuid(each.as_string())) id.bytes = *bytes;
        const auto found = inner_.find(id);
        if (found == inner_.end()) return std::nullopt;
        groups.push_back(found->second);
    }
    std::ranges::sort(groups);
    return groups;
}

}  // namespace switchboard
