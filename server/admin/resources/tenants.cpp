#include <algorithm>

#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "auth/digest.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object to_json(const StoredTenant& tenant) {
    return {{"id", to_text(tenant.public_id)},
            {"key", tenant.key},
            {"name", tenant.name},
            {"retention_days", tenant.retention_days},
            {"agent_origins", json::value_from(tenant.agent_origins)}};
}

StoredTenant tenant_of(const json::object& body, const PublicId& id) {
    StoredTenant tenant;
    tenant.public_id = id;
    tenant.key = text_in(body, "key");
    tenant.name = text_in(body, "name");
    tenant.retention_days = number_in(body, "retention_days", tenant.retention_days);
    tenant.agent_origins = texts_in(body, "agent_origins", {});
    return tenant;
}

// No owner of a tenant changes it: its version is made of its look.
ApiAnswer show_tenant(const StoredTenant& tenant) {
    json::object look = to_json(tenant);
    const Digest digest = sha256(json::serialize(look));
    Version version;
    for (std::size_t i = 0; i < sizeof(version.value); ++i)
        version.value = version.value << 8 | digest[i];
    return good(std::move(look), version);
}

// The owner's account of a tenant is the same however often it is asked for.
PublicId owner_of(const PublicId& tenant) {
    const Digest digest = sha256("owner of " + to_text(tenant));
    PublicId id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    return id;
}

// Creates the account of a tenant's owner, unless it is there; nothing when that is done.
asio::awaitable<std::optional<ApiAnswer>> create_owner(const RestParts& parts,
                                                       const Call& call,
                                                       const StoredTenant& tenant) {
    const json::object& owner = call.body.at("owner").as_object();
    Account account;
    account.public_id = owner_of(tenant.public_id);
    const auto found = co_await parts.catalogue.find_agent(tenant.id, account.public_id);
    if (!found) co_return refused(found.error());
    if (*found) co_return std::nullopt;
    const Reservation wanted{tenant.id, Configured::agent, account.public_id, call.digest()};
    const auto reserved = co_await parts.catalogue.reserve(wanted);
    if (!reserved) co_return refused(reserved.error());
    account.id.value = reserved->id;
    account.login = text_in(owner, "login");
    account.name = text_in(owner, "name");
    account.role = Role::account_owner;
    std::string password = text_in(owner, "password");
    auto hash = co_await parts.hasher.hash(std::move(password));
    if (!hash) co_return refused(hash.error());
    account.password_hash = std::move(*hash);
    Command command;
    command.principal = call.principal;
    command.principal.tenant = tenant.id;
    command.what = ConfigureAgent{std::move(account)};
    const Reply reply = co_await ask(parts, std::move(command));
    co_return objection(reply);
}

}  // namespace

asio::awaitable<ApiAnswer> list_tenants(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    const Slice slice{page->from, page->limit + 1};
    const auto tenants = co_await parts.catalogue.tenants(slice);
    if (!tenants) co_return refused(tenants.error());
    const auto look = [](const StoredTenant& tenant) { return to_json(tenant); };
    const auto id_of = [](const StoredTenant& tenant) { return tenant.id.value; };
    co_return list(*tenants, page->limit, look, id_of);
}

asio::awaitable<ApiAnswer> get_tenant(const RestParts& parts, const Call& call) {
    const PublicId id = call.id("tenant");
    const auto found = co_await parts.catalogue.find_tenant(id);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    co_return show_tenant(**found);
}

asio::awaitable<ApiAnswer> create_tenant(const RestParts& parts, const Call& call) {
    const PublicId id = call.new_id();
    const StoredTenant wanted = tenant_of(call.body, id);
    const auto before = co_await parts.catalogue.find_tenant(id);
    if (!before) co_return refused(before.error());
    const auto stored = co_await parts.catalogue.create_tenant(wanted);
    if (!stored) co_return refused(stored.error());
    if (!*stored) co_return conflict("another tenant has this key");
    StoredTenant same = wanted;
    same.id = (*stored)->id;
    if (**stored != same) co_return conflict("this Idempotency-Key was used for another request");
    auto answer = co_await create_owner(parts, call, **stored);
    if (answer) co_return std::move(*answer);
    co_return created(show_tenant(**stored), "/v1/tenants/" + to_text(id), before->has_value());
}

}  // namespace switchboard
