#include "postgres/credential_store.hpp"

#include "postgres/columns.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/statement.hpp"

namespace switchboard {
namespace {

template <class T>
using CredentialAnswer = PostgresCredentialStore::Answer<T>;

constexpr Statement select_agent{
    "find_agent",
    "SELECT a.tenant_id, a.agent_id, a.role, a.public_id, a.password_hash, a.enabled,"
    "       a.name"
    "  FROM tenant t JOIN agent a USING (tenant_id) WHERE t.tenant_key = $1 AND a.login = $2"};

constexpr Statement select_session{
    "find_session",
    "SELECT a.tenant_id, a.agent_id, a.role, a.public_id,"
    "       " SWITCHBOARD_MICROSECONDS("s.created_at") ", " SWITCHBOARD_MICROSECONDS("s.seen_at") ","
    "       a.name"
    "  FROM login_session s JOIN agent a USING (tenant_id, agent_id)"
    " WHERE s.token_sha256 = $1 AND a.enabled"};

// Every write has the same effect when it is done twice, as the pool asks for.
constexpr Statement insert_session{
    "store_session",
    "INSERT INTO login_session (tenant_id, token_sha256, agent_id, created_at, seen_at)"
    " VALUES ($1, $2, $3, " SWITCHBOARD_TIME("$4") ", " SWITCHBOARD_TIME("$5") ")"
    " ON CONFLICT DO NOTHING"};

constexpr Statement update_session{
    "touch_session",
    "UPDATE login_session SET seen_at = greatest(seen_at, " SWITCHBOARD_TIME("$2") ")"
    " WHERE token_sha256 = $1"};

constexpr Statement remove_session{"delete_session",
                                   "DELETE FROM login_session WHERE token_sha256 = $1"};

constexpr Statement remove_sessions{
    "delete_sessions_of", "DELETE FROM login_session WHERE tenant_id = $1 AND agent_id = $2"};

pqxx::binarystring to_bytea(const Digest& digest) { return {digest.data(), digest.size()}; }

// A row that begins with the tenant, the id of the agent, his role, his public id.
Principal principal(const pqxx::row& row) {
    Principal principal;
    principal.tenant.value = row[0].as<std::int64_t>();
    principal.role = to_enum<Role>(row[2]);
    principal.person = {PersonKind::manager, row[1].as<std::int64_t>()};
    if (principal.role == Role::agent) principal.person.kind = PersonKind::agent;
    if (principal.role == Role::bot) principal.person.kind = PersonKind::bot;
    principal.public_id = to_bits<PublicId>(row[3]);
    return principal;
}

std::optional<AgentAccount> read_agent(pqxx::connection& connection, const AgentName& name) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_agent, name.tenant, name.login);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return AgentAccount{principal(row), to_text(row[4]), row[5].as<bool>(), to_text(row[6])};
}

std::optional<StoredSession> read_session(pqxx::connection& connection, const Digest& token) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_session, to_bytea(token));
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return StoredSession{principal(row), to_time(row[4]), to_time(row[5]), to_text(row[6])};
}

}  // namespace

CredentialAnswer<std::optional<AgentAccount>> PostgresCredentialStore::find_agent(AgentName name) {
    const auto work = [&](pqxx::connection& c) { return read_agent(c, name); };
    co_return co_await pool_.run(work);
}

CredentialAnswer<std::optional<StoredSession>> PostgresCredentialStore::find_session(Digest token) {
    const auto work = [&](pqxx::connection& c) { return read_session(c, token); };
    co_return co_await pool_.run(work);
}

template <class... Arguments>
CredentialAnswer<void> PostgresCredentialStore::write(const Statement& statement,
                                                      Arguments... arguments) {
    const auto work = [&](pqxx::connection& connection) {
        pqxx::nontransaction session(connection);
        return execute(session, statement, arguments...).affected_rows();
    };
    const auto written = co_await pool_.run(work);
    if (!written) co_return written.error();
    co_return Result<void>();
}

CredentialAnswer<void> PostgresCredentialStore::store_session(Digest token, StoredSession session) {
    return write(insert_session,
                 session.principal.tenant.value,
                 to_bytea(token),
                 session.principal.person.id,
                 to_microseconds(session.started_at),
                 to_microseconds(session.seen_at));
}

CredentialAnswer<void> PostgresCredentialStore::touch_session(Digest token, Time seen_at) {
    return write(update_session, to_bytea(token), to_microseconds(seen_at));
}

CredentialAnswer<void> PostgresCredentialStore::delete_session(Digest token) {
    return write(remove_session, to_bytea(token));
}

CredentialAnswer<void> PostgresCredentialStore::delete_sessions_of(TenantId tenant, AgentId agent) {
    return write(remove_sessions, tenant.value, agent.value);
}

}  // namespace switchboard
