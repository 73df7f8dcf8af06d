#include "postgres/archive.hpp"

#include <limits>

#include "postgres/columns.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/statement.hpp"

namespace switchboard {
namespace {

#define SELECT_TALKS \
    "SELECT c.conversation_id, c.public_id, c.visitor_id, c.site_id, c.channel, c.state,"     \
    "       c.ticket, c.agent_id, c.patient, c.close_reason, c.closed_by_kind,"               \
    "       c.closed_by_id,"                                                                  \
    "       " SWITCHBOARD_MICROSECONDS("c.opened_at") ", "                                    \
    SWITCHBOARD_MICROSECONDS("c.queued_at") ", " SWITCHBOARD_MICROSECONDS("c.assigned_at")    \
    ", " SWITCHBOARD_MICROSECONDS("c.joined_at") ", "                                         \
    SWITCHBOARD_MICROSECONDS("c.inactive_at") ", " SWITCHBOARD_MICROSECONDS("c.left_at") ", " \
    SWITCHBOARD_MICROSECONDS("c.closed_at") ","                                               \
    "       v.public_id, v.name, a.public_id, a.name, a.role, s.site_key, f.tags, f.note,"    \
    "       " SWITCHBOARD_MICROSECONDS("f.at") ", r.stars, r.comment,"                        \
    "       " SWITCHBOARD_MICROSECONDS("r.at")                                                \
    "  FROM conversation c"                                                                   \
    "  LEFT JOIN visitor v ON v.tenant_id = $1 AND v.visitor_id = c.visitor_id"               \
    "  LEFT JOIN agent a ON a.tenant_id = $1 AND a.agent_id = c.agent_id"                     \
    "  LEFT JOIN site s ON s.tenant_id = $1 AND s.site_id = c.site_id"                        \
    "  LEFT JOIN conversation_form f"                                                         \
    "    ON f.tenant_id = $1 AND f.conversation_id = c.conversation_id"                       \
    "  LEFT JOIN conversation_rating r"                                                       \
    "    ON r.tenant_id = $1 AND r.conversation_id = c.conversation_id"                       \
    " WHERE c.tenant_id = $1"

#define AMONG \
    "   AND c.conversation_id < $2 AND ($3::smallint IS NULL OR c.state = $3)"        \
    "   AND ($4::bigint = 0 OR c.agent_id = $4)"                                      \
    "   AND ($5::bigint IS NULL OR c.opened_at >= " SWITCHBOARD_TIME("$5::bigint") ")" \
    "   AND ($6::bigint IS NULL OR c.opened_at < " SWITCHBOARD_TIME("$6::bigint") ")"  \
    "   AND ($7::bigint = 0 OR c.site_id = $7)"                                       \
    " ORDER BY c.conversation_id DESC LIMIT $8"

// One plan serves all values, so what an index can find has a statement of its own.
constexpr Statement select_talks{"talks", SELECT_TALKS AMONG};
constexpr Statement select_open_talks{"open_talks", SELECT_TALKS " AND c.state <> 0" AMONG};
constexpr Statement select_talks_of_site{"talks_of_site", SELECT_TALKS " AND c.site_id = $7" AMONG};
constexpr Statement select_talk{"find_talk", SELECT_TALKS " AND c.public_id = $2"};
#undef AMONG
#undef SELECT_TALKS

#define SELECT_BLOCKS \
    "SELECT b.block_id, b.public_id, b.visitor_id, b.visitor_public_id, b.visitor_name,"         \
    "       b.by_kind, b.by_id, b.reason, " SWITCHBOARD_MICROSECONDS("b.at") ", "                 \
    SWITCHBOARD_MICROSECONDS("b.expires_at") ","                                                 \
    "       " SWITCHBOARD_MICROSECONDS("coalesce(b.lifted_at, CASE WHEN b.expires_at <="         \
                                       " clock_timestamp() THEN b.expires_at END)") ","          \
    "       coalesce(a.public_id, k.key_id), coalesce(a.name, k.name),"                          \
    "       (SELECT count(*) FROM missed_contact m WHERE m.tenant_id = $1 AND m.cause = 3"       \
    "         AND m.visitor_public_id = b.visitor_public_id AND m.pos > b.block_id"              \
    "         AND m.pos < coalesce(b.lifted_pos, 9223372036854775807)"                           \
    "         AND m.at < coalesce(b.expires_at, 'infinity'))"                                    \
    "  FROM block b LEFT JOIN agent a ON b.by_kind IN (2, 3, 4) AND a.tenant_id = $1"            \
    "   AND a.agent_id = b.by_id"                                                                \
    "  LEFT JOIN api_key k ON b.by_kind = 6 AND k.tenant_id = $1 AND k.number = b.by_id"         \
    " WHERE b.tenant_id = $1"

constexpr Statement select_blocks{"blocks",
                                  SELECT_BLOCKS
                                  "   AND b.block_id < $2"
                                  "   AND ($3 OR b.lifted_at IS NULL AND (b.expires_at IS NULL"
                                  "        OR b.expires_at > clock_timestamp()))"
                                  " ORDER BY b.block_id DESC LIMIT $4"};
constexpr Statement select_block{"find_block", SELECT_BLOCKS " AND b.public_id = $2"};
#undef SELECT_BLOCKS

PersonKind kind_of(Role role) {
    if (role == Role::agent) return PersonKind::agent;
    return role == Role::bot ? PersonKind::bot : PersonKind::manager;
}

StoredTalk to_talk(const pqxx::row& row) {
    StoredTalk talk;
    Conversation& conversation = talk.conversation;
    conversation.id.value = row[0].as<std::int64_t>();
    conversation.public_id = to_bits<PublicId>(row[1]);
    conversation.visitor.value = row[2].as<std::int64_t>();
    conversation.site.value = row[3].as<std::int64_t>();
    conversation.channel = to_enum<Channel>(row[4]);
    conversation.state = to_enum<ConversationState>(row[5]);
    conversation.ticket = row[6].as<Pos>();
    conversation.agent.value = row[7].as<std::int64_t>();
    conversation.patient = row[8].as<bool>();
    conversation.close_reason = to_enum<CloseReason>(row[9]);
    if (!row[10].is_null())
        conversation.closed_by =
            Person{to_enum<PersonKind>(row[10]), to_number<std::int64_t>(row[11])};
    conversation.opened_at = to_time(row[12]);
    conversation.queued_at = to_time(row[13]);
    conversation.assigned_at = to_optional_time(row[14]);
    conversation.joined_at = to_optional_time(row[15]);
    conversation.inactive_at = to_optional_time(row[16]);
    conversation.left_at = to_optional_time(row[17]);
    conversation.closed_at = to_optional_time(row[18]);
    talk.visitor = {person(conversation.visitor), to_bits<PublicId>(row[19]), to_text(row[20])};
    if (!row[23].is_null()) {
        const Person agent{kind_of(to_enum<Role>(row[23])), conversation.agent.value};
        talk.agent = {agent, to_bits<PublicId>(row[21]), to_text(row[22])};
    }
    talk.site_key = to_text(row[24]);
    if (!row[27].is_null()) talk.form = {to_texts(row[25]), to_text(row[26]), to_time(row[27])};
    if (!row[30].is_null()) talk.rating = {row[28].as<int>(), to_text(row[29]), to_time(row[30])};
    return talk;
}

StoredBlock to_stored_block(const pqxx::row& row) {
    StoredBlock stored;
    stored.block = to_block(row);
    if (!row[11].is_null()) stored.by_public_id = to_bits<PublicId>(row[11]);
    stored.by_name = to_text(row[12]);
    stored.lifted_at = to_optional_time(row[10]);
    stored.hits = row[13].as<std::int64_t>();
    return stored;
}

std::int64_t or_newest(std::int64_t before) {
    return before == 0 ? std::numeric_limits<std::int64_t>::max() : before;
}

std::optional<std::int64_t> microseconds(const std::optional<Time>& time) {
    if (!time) return std::nullopt;
    return to_microseconds(*time);
}

const Statement& statement_for(const ConversationQuery& query) {
    if (query.state && *query.state != ConversationState::closed) return select_open_talks;
    return query.site ? select_talks_of_site : select_talks;
}

std::vector<StoredTalk> read_talks(pqxx::connection& connection, const ConversationQuery& query) {
    pqxx::nontransaction session(connection);
    std::optional<int> state;
    if (query.state) state = static_cast<int>(*query.state);
    const auto rows = execute(session,
                              statement_for(query),
                              query.tenant.value,
                              or_newest(query.before.value),
                              state,
                              query.agent.value,
                              microseconds(query.from),
                              microseconds(query.to),
                              query.site.value,
                              query.limit);
    std::vector<StoredTalk> talks;
    for (const auto& row : rows)
        talks.push_back(to_talk(row));
    return talks;
}

std::optional<StoredTalk> read_talk(pqxx::connection& connection,
                                    TenantId tenant,
                                    const PublicId& id) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_talk, tenant.value, to_text(id));
    if (rows.empty()) return std::nullopt;
    return to_talk(rows[0]);
}

std::vector<StoredBlock> read_blocks(pqxx::connection& connection, const BlockQuery& query) {
    pqxx::nontransaction session(connection);
    std::vector<StoredBlock> blocks;
    const auto rows = execute(session,
                              select_blocks,
                              query.tenant.value,
                              or_newest(query.before.value),
                              query.with_lifted,
                              query.limit);
    for (const auto& row : rows)
        blocks.push_back(to_stored_block(row));
    return blocks;
}

std::optional<StoredBlock> read_block(pqxx::connection& connection,
                                      TenantId tenant,
                                      const PublicId& id) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session, select_block, tenant.value, to_text(id));
    if (rows.empty()) return std::nullopt;
    return to_stored_block(rows[0]);
}

}  // namespace

Archive::Answer<std::vector<StoredTalk>> PostgresArchive::conversations(ConversationQuery query) {
    const auto work = [&](pqxx::connection& c) { return read_talks(c, query); };
    co_return co_await pool_.run(work);
}

Archive::Answer<std::optional<StoredTalk>> PostgresArchive::find_conversation(TenantId tenant,
                                                                              PublicId id) {
    const auto work = [&](pqxx::connection& c) { return read_talk(c, tenant, id); };
    co_return co_await pool_.run(work);
}

Archive::Answer<std::vector<StoredBlock>> PostgresArchive::blocks(BlockQuery query) {
    const auto work = [&](pqxx::connection& c) { return read_blocks(c, query); };
    co_return co_await pool_.run(work);
}

Archive::Answer<std::optional<StoredBlock>> PostgresArchive::find_block(TenantId tenant,
                                                                        PublicId id) {
    const auto work = [&](pqxx::connection& c) { return read_block(c, tenant, id); };
    co_return co_await pool_.run(work);
}

}  // namespace switchboard
