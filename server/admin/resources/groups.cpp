#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object to_json(const Group& group) {
    return {{"id", to_text(group.public_id)}, {"name", group.name}};
}

// Nothing when the group is as given now.
asio::awaitable<std::optional<ApiAnswer>> configure(const RestParts& parts,
                                                    const Call& call,
                                                    Group group,
                                                    std::optional<Version> seen = {}) {
    Command command;
    command.principal = call.principal;
    command.what = ConfigureGroup{std::move(group), seen};
    const Reply reply = co_await ask(parts, std::move(command));
    co_return objection(reply);
}

asio::awaitable<ApiAnswer> show_group(const RestParts& parts, TenantId tenant, PublicId id) {
    const auto found = co_await parts.catalogue.find_group(tenant, id);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    co_return good(to_json(**found), version_of(**found));
}

asio::awaitable<ApiAnswer> try_change_group(const RestParts& parts, const Call& call) {
    const PublicId id = call.id("group");
    auto found = co_await parts.catalogue.find_group(call.tenant(), id);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    const Version seen = version_of(**found);
    if (auto answer = call.objection_to(seen)) co_return std::move(*answer);
    (*found)->name = text_in(call.body, "name");
    auto answer = co_await configure(parts, call, **found, seen);
    if (answer) co_return std::move(*answer);
    co_return co_await show_group(parts, call.tenant(), id);
}

}  // namespace

asio::awaitable<ApiAnswer> list_groups(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    const Slice slice{page->from, page->limit + 1};
    const auto groups = co_await parts.catalogue.groups(call.tenant(), slice);
    if (!groups) co_return refused(groups.error());
    const auto look = [](const Group& group) { return to_json(group); };
    const auto id_of = [](const Group& group) { return group.id.value; };
    co_return list(*groups, page->limit, look, id_of);
}

asio::awaitable<ApiAnswer> get_group(const RestParts& parts, const Call& call) {
    return show_group(parts, call.tenant(), call.id("group"));
}

asio::awaitable<ApiAnswer> create_group(const RestParts& parts, const Call& call) {
    auto creation = co_await begin_creation(parts, call, Configured::group);
    if (creation.objection) co_return std::move(*creation.objection);
    auto found = co_await parts.catalogue.find_group(call.tenant(), creation.id);
    if (!found) co_return refused(found.error());
    const bool is_repeated = found->has_value();
    Group group{GroupId{creation.number}, creation.id, text_in(call.body, "name")};
    if (is_repeated) group = **found;
    ApiAnswer shown = good(to_json(group), version_of(group));
    if (!is_repeated) {
        auto answer = co_await configure(parts, call, std::move(group));
        if (answer) co_return std::move(*answer);
    }
    co_return created(std::move(shown), "/v1/groups/" + to_text(creation.id), is_repeated);
}

asio::awaitable<ApiAnswer> change_group(const RestParts& parts, const Call& call) {
    return change(parts, call, try_change_group);
}

}  // namespace switchboard
