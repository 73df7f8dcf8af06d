#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object to_json(const StoredKey& key) {
    return {{"id", to_text(key.id)},
            {"name", key.name},
            {"scopes", json::value_from(key.scopes)},
            {"created_at", to_rfc3339(key.created_at)},
            {"expires_at", time_or_null(key.expires_at)},
            {"revoked_at", time_or_null(key.revoked_at)}};
}

}  // namespace

asio::awaitable<ApiAnswer> list_keys(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    const KeyQuery wanted{call.tenant(), page->from, page->limit + 1};
    const auto keys = co_await parts.keys.store().keys(wanted);
    if (!keys) co_return refused(keys.error());
    const auto look = [](const StoredKey& key) { return to_json(key); };
    const auto number_of = [](const StoredKey& key) { return key.number; };
    co_return list(*keys, page->limit, look, number_of);
}

asio::awaitable<ApiAnswer> create_key(const RestParts& parts, const Call& call) {
    NewKey wanted;
    wanted.id = call.new_id();
    wanted.tenant = call.tenant();
    wanted.name = text_in(call.body, "name");
    wanted.scopes = texts_in(call.body, "scopes", {});
    if (call.body.contains("expires_at")) {
        wanted.expires_at = parse_rfc3339(text_in(call.body, "expires_at"));
        const Flaw flaw{"/body/expires_at", "no time, or one that is past"};
        if (!wanted.expires_at || *wanted.expires_at <= call.now) co_return malformed({flaw});
    }
    const NewKey asked = wanted;
    const auto made = co_await parts.keys.mint(std::move(wanted), call.now);
    if (!made) co_return refused(made.error());
    const StoredKey& key = made->stored;
    const bool is_repeated = made->text.empty();
    auto scopes = asked.scopes;
    std::ranges::sort(scopes);
    if (key.name != asked.name || key.scopes != scopes || key.expires_at != asked.expires_at)
        co_return conflict("this Idempotency-Key was used for another request");
    json::value secret = nullptr;
    if (!is_repeated) secret = made->text;
    ApiAnswer shown = good(json::object{{"key", to_json(key)}, {"secret", secret}});
    co_return created(std::move(shown), "/v1/api-keys/" + to_text(key.id), is_repeated);
}

asio::awaitable<ApiAnswer> revoke_key(const RestParts& parts, const Call& call) {
    const PublicId id = call.id("key");
    const auto revoked = co_await parts.keys.store().revoke_key(call.tenant(), id, call.now);
    if (!revoked) co_return refused(revoked.error());
    if (!*revoked) co_return refused(Refusal::not_found);
    co_return nothing();
}

}  // namespace switchboard
