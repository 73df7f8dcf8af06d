#include "postgres/api_key_store.hpp"

#include <algorithm>
#include <limits>

#include "postgres/columns.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/statement.hpp"
#include "postgres/text_array.hpp"

namespace switchboard {
namespace {

template <class T>
using KeyAnswer = PostgresApiKeyStore::Answer<T>;

#define KEY_COLUMNS \
    "number, key_id, tenant_id, secret_sha256, name, scopes,"                                  \
    " " SWITCHBOARD_MICROSECONDS("created_at") ", " SWITCHBOARD_MICROSECONDS("expires_at") "," \
    " " SWITCHBOARD_MICROSECONDS("revoked_at")

// Each has the same effect when it is done twice, as the pool asks for.
constexpr Statement insert_key{
    "add_key",
    "INSERT INTO api_key (tenant_id, key_id, secret_sha256, name, scopes, created_at, expires_at)"
    " VALUES ($1, $2, $3, $4, $5::text[], " SWITCHBOARD_TIME("$6") ", " SWITCHBOARD_TIME(
        "$7::bigint") ") ON CONFLICT DO NOTHING"};

constexpr Statement select_key{"find_key", "SELECT " KEY_COLUMNS " FROM api_key WHERE key_id = $1"};

constexpr Statement select_keys{
    "keys",
    "SELECT " KEY_COLUMNS
    " FROM api_key WHERE tenant_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3"};

constexpr Statement update_key{
    "revoke_key",
    "UPDATE api_key SET revoked_at = coalesce(revoked_at, " SWITCHBOARD_TIME("$3") ")"
    " WHERE tenant_id = $1 AND key_id = $2 RETURNING " KEY_COLUMNS};
#undef KEY_COLUMNS

StoredKey to_key(const pqxx::row& row) {
    StoredKey key;
    key.number = row[0].as<std::int64_t>();
    key.id = to_bits<PublicId>(row[1]);
    key.tenant.value = row[2].as<std::int64_t>();
    const pqxx::binarystring secret(row[3]);
    std::copy_n(secret.begin(), std::min(secret.size(), key.secret.size()), key.secret.begin());
    key.name = to_text(row[4]);
    key.scopes = to_texts(row[5]);
    key.created_at = to_time(row[6]);
    key.expires_at = to_optional_time(row[7]);
    key.revoked_at = to_optional_time(row[8]);
    return key;
}

std::optional<StoredKey> first(const pqxx::result& rows) {
    if (rows.empty()) return std::nullopt;
    return to_key(rows[0]);
}

std::optional<StoredKey> read_key(pqxx::connection& connection, const PublicId& id) {
    pqxx::nontransaction session(connection);
    return first(execute(session, select_key, to_text(id)));
}

StoredKey write_key(pqxx::connection& connection, const StoredKey& key) {
    pqxx::nontransaction session(connection);
    std::optional<std::int64_t> expires_at;
    if (key.expires_at) expires_at = to_microseconds(*key.expires_at);
    execute(session,
            insert_key,
            key.tenant.value,
            to_text(key.id),
            pqxx::binarystring(key.secret.data(), key.secret.size()),
            key.name,
            to_text_array(key.scopes),
            to_microseconds(key.created_at),
            expires_at);
    return to_key(execute(session, select_key, to_text(key.id))[0]);
}

}  // namespace

KeyAnswer<StoredKey> PostgresApiKeyStore::add_key(StoredKey key) {
    const auto work = [&](pqxx::connection& c) { return write_key(c, key); };
    co_return co_await pool_.run(work);
}

KeyAnswer<std::optional<StoredKey>> PostgresApiKeyStore::find_key(PublicId id) {
    const auto work = [&](pqxx::connection& c) { return read_key(c, id); };
    co_return co_await pool_.run(work);
}

KeyAnswer<std::vector<StoredKey>> PostgresApiKeyStore::keys(KeyQuery query) {
    const auto work = [&](pqxx::connection& c) {
        constexpr auto newest = std::numeric_limits<std::int64_t>::max();
        const std::int64_t before = query.before == 0 ? newest : query.before;
        pqxx::nontransaction session(c);
        std::vector<StoredKey> keys;
        for (const auto& row :
             execute(session, select_keys, query.tenant.value, before, query.limit))
            keys.push_back(to_key(row));
        return keys;
    };
    co_return co_await pool_.run(work);
}

KeyAnswer<std::optional<StoredKey>> PostgresApiKeyStore::revoke_key(TenantId tenant,
                                                                    PublicId id,
                                                                    Time at) {
    const auto work = [&](pqxx::connection& c) {
        pqxx::nontransaction session(c);
        return first(execute(session, update_key, tenant.value, to_text(id), to_microseconds(at)));
    };
    co_return co_await pool_.run(work);
}

}  // namespace switchboard
