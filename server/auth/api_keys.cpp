#include "auth/api_keys.hpp"

#include <algorithm>

#include "auth/auth_error.hpp"
#include "auth/opaque_token.hpp"
#include "domain/authorize.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

constexpr std::string_view prefix = "sbk_";
constexpr std::size_t id_digits = 32, secret_characters = 43;
constexpr std::size_t text_bytes = prefix.size() + id_digits + 1 + secret_characters;

std::string to_key_text(const PublicId& id, const std::string& secret) {
    std::string digits = to_text(id);
    std::erase(digits, '-');
    return std::string(prefix) + digits + '_' + secret;
}

struct Parts {
    PublicId id;
    Digest secret{};
};

std::optional<Parts> parse(std::string_view text) {
    if (text.size() != text_bytes || !text.starts_with(prefix)) return std::nullopt;
    std::string uuid(text.substr(prefix.size(), id_digits));
    if (text[prefix.size() + id_digits] != '_') return std::nullopt;
    if (uuid.find_first_not_of("0123456789abcdef") != uuid.npos) return std::nullopt;
    for (const std::size_t dash : {8U, 13U, 18U, 23U})
        uuid.insert(dash, 1, '-');
    const auto id = parse_uuid(uuid);
    const auto secret = digest_of_token(text.substr(text_bytes - secret_characters));
    if (!id || !secret) return std::nullopt;
    return Parts{{*id}, *secret};
}

bool is_in_force(const StoredKey& key, Time now) {
    return !key.revoked_at && (!key.expires_at || now < *key.expires_at);
}

Principal principal_of(const StoredKey& key) {
    Principal principal;
    principal.tenant = key.tenant;
    principal.role = key.tenant ? Role::site : Role::operator_;
    if (key.tenant) principal.person = {PersonKind::site, key.number};
    principal.public_id = key.id;
    for (const Scope& scope : scopes())
        if (std::ranges::find(key.scopes, scope.name) != key.scopes.end())
            principal.actions |= scope.actions;
    return principal;
}

}  // namespace

boost::asio::awaitable<Result<MintedKey>> ApiKeys::mint(NewKey key, Time now) {
    const OpaqueToken token = mint_opaque_token();
    StoredKey stored;
    stored.id = key.id;
    stored.tenant = key.tenant;
    stored.secret = token.digest;
    stored.name = std::move(key.name);
    stored.scopes = std::move(key.scopes);
    std::ranges::sort(stored.scopes);
    stored.created_at = now;
    stored.expires_at = key.expires_at;
    auto kept = co_await store_.add_key(std::move(stored));
    if (!kept) co_return kept.error();
    const bool is_new = are_equal(kept->secret, token.digest);
    const std::string text = is_new ? to_key_text(key.id, token.text) : std::string();
    co_return MintedKey{text, std::move(*kept)};
}

boost::asio::awaitable<Result<Principal>> ApiKeys::find(std::string text, Time now) {
    const auto parts = parse(text);
    if (!parts) co_return AuthError::denied;
    const auto found = co_await store_.find_key(parts->id);
    if (!found) co_return found.error();
    const StoredKey nobody;
    const StoredKey& key = *found ? **found : nobody;
    const bool is_right = are_equal(key.secret, parts->secret);
    if (!*found || !is_right || !is_in_force(key, now)) co_return AuthError::denied;
    co_return principal_of(key);
}

}  // namespace switchboard
