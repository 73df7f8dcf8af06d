#include "postgres/tenant_store.hpp"

#include "postgres/columns.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/load_tenant.hpp"
#include "postgres/statement.hpp"

namespace switchboard {
namespace asio = boost::asio;

namespace {

// What is asked for drives each query, a LATERAL at a time, so that no plan joins the tables as
// wholes, whatever it knows of their sizes.
#define ASKED "(SELECT DISTINCT unnest($2::uuid[]) AS id) asked CROSS JOIN LATERAL"

constexpr Statement select_messages{
    "find_messages",
    "SELECT e.client_message_id, e.author_kind, e.author_id, e.content_hash,"
    "       (SELECT public_id FROM conversation c"
    "         WHERE c.tenant_id = e.tenant_id AND c.conversation_id = e.conversation_id),"
    "       e.pos, e.seq, " SWITCHBOARD_MICROSECONDS(
        "e.at") "  FROM " ASKED
                " (SELECT * FROM entry"
                "         WHERE tenant_id = $1 AND client_message_id = asked.id OFFSET 0) e"
                " ORDER BY e.client_message_id, e.author_kind, e.author_id"};

constexpr Statement select_visitors{
    "find_visitors",
    "SELECT v.visitor_id, v.public_id, v.name"
    "  FROM " ASKED
    " (SELECT * FROM visitor"
    "         WHERE tenant_id = $1 AND public_id = asked.id OFFSET 0) v ORDER BY v.public_id"};

constexpr Statement select_conversations{
    "find_conversations",
    "SELECT c.public_id, c.conversation_id, c.visitor_id, c.state, c.agent_id,"
    "       (SELECT seq FROM entry e"
    "         WHERE e.tenant_id = c.tenant_id AND e.conversation_id = c.conversation_id"
    "         ORDER BY seq DESC LIMIT 1),"
    "       " SWITCHBOARD_MICROSECONDS("c.closed_at") ","
    "       v.public_id, v.name"
    "  FROM " ASKED
    " (SELECT * FROM conversation"
    "         WHERE tenant_id = $1 AND public_id = asked.id OFFSET 0) c"
    "  LEFT JOIN LATERAL (SELECT public_id, name FROM visitor"
    "         WHERE tenant_id = c.tenant_id AND visitor_id = c.visitor_id LIMIT 1) v ON true"
    " ORDER BY c.public_id"};

constexpr Statement select_known_blocks{
    "find_blocks",
    "SELECT b.block_id, b.public_id, b.visitor_id, b.visitor_public_id, b.visitor_name, b.by_kind,"
    "       b.by_id, b.reason,"
    "       " SWITCHBOARD_MICROSECONDS("b.at") ", " SWITCHBOARD_MICROSECONDS("b.expires_at") ""
    "  FROM " ASKED
    " (SELECT * FROM block"
    "         WHERE tenant_id = $1 AND public_id = asked.id OFFSET 0) b"
    " ORDER BY b.public_id"};
#undef ASKED

constexpr Statement select_page{
    "read_page",
    "SELECT e.pos, e.seq, e.author_kind, e.author_id, e.kind, e.visibility,"
    "       " SWITCHBOARD_MICROSECONDS("e.at") ", e.client_message_id, e.content_hash, e.body,"
    "       (SELECT public_id FROM conversation WHERE tenant_id = $1 AND conversation_id = $2),"
    "       who.public_id, who.name,"
    "       (SELECT seq FROM entry WHERE tenant_id = $1 AND conversation_id = $2 AND seq < e.seq"
    "         ORDER BY seq DESC LIMIT 1),"
    "       (SELECT seq FROM entry WHERE tenant_id = $1 AND conversation_id = $2 AND seq < e.seq"
    "           AND visibility = 1 ORDER BY seq DESC LIMIT 1)"
    "  FROM entry e LEFT JOIN LATERAL ("
    "       SELECT public_id, name FROM visitor"
    "        WHERE e.author_kind = 1 AND tenant_id = $1 AND visitor_id = e.author_id UNION ALL"
    "       SELECT public_id, name FROM agent"
    "        WHERE e.author_kind IN (2, 3, 4) AND tenant_id = $1 AND agent_id = e.author_id"
    "        LIMIT 1) who ON true"
    " WHERE e.tenant_id = $1 AND e.conversation_id = $2 AND e.seq > $3"
    "   AND (e.visibility = 1 OR $4) ORDER BY e.seq LIMIT $5"};

EntryView entry_view(const pqxx::row& row, ConversationId conversation) {
    EntryView view;
    Entry& entry = view.entry;
    entry.conversation = conversation;
    entry.pos = row[0].as<Pos>();
    entry.seq = row[1].as<Seq>();
    entry.author = {to_enum<PersonKind>(row[2]), row[3].as<std::int64_t>()};
    entry.kind = to_enum<EntryKind>(row[4]);
    entry.visibility = to_enum<Visibility>(row[5]);
    entry.at = to_time(row[6]);
    if (!row[7].is_null()) entry.client_message_id = to_bits<ClientMessageId>(row[7]);
    entry.content_hash = row[8].as<std::int64_t>();
    entry.body = to_text(row[9]);
    view.conversation = to_bits<PublicId>(row[10]);
    view.author = {entry.author, to_bits<PublicId>(row[11]), to_text(row[12])};
    view.prev_seq = to_number<Seq>(row[13]);
    view.prev_public_seq = to_number<Seq>(row[14]);
    return view;
}

Facts find_facts(pqxx::connection& connection, TenantId tenant, const LookUp& wanted) {
    pqxx::nontransaction session(connection);
    const auto look = [&](const Statement& statement, const auto& ids) {
        if (ids.empty()) return pqxx::result();
        return execute(session, statement, tenant.value, to_uuid_array(ids));
    };
    Facts facts;
    facts.asked = wanted;
    for (const auto& row : look(select_messages, wanted.messages))
        facts.messages.push_back(to_sent_message(row));
    for (const auto& row : look(select_visitors, wanted.visitors)) {
        facts.visitors.push_back(
            {VisitorId{row[0].as<std::int64_t>()}, to_bits<PublicId>(row[1]), to_text(row[2])});
    }
    for (const auto& row : look(select_conversations, wanted.conversations)) {
        const ConversationAccess access{
            tenant, VisitorId{row[2].as<std::int64_t>()}, AgentId{row[4].as<std::int64_t>()}};
        facts.conversations.push_back({to_bits<PublicId>(row[0]),
                                       ConversationId{row[1].as<std::int64_t>()},
                                       access,
                                       to_enum<ConversationState>(row[3]),
                                       to_number<Seq>(row[5]),
                                       to_optional_time(row[6]),
                                       to_bits<PublicId>(row[7]),
                                       to_text(row[8])});
    }
    for (const auto& row : look(select_known_blocks, wanted.blocks))
        facts.blocks.push_back(to_block(row));
    return facts;
}

EntryPage read_page(pqxx::connection& connection, const PageRequest& request) {
    pqxx::nontransaction session(connection);
    const auto rows = execute(session,
                              select_page,
                              request.tenant.value,
                              request.conversation.value,
                              request.after,
                              request.audience == Visibility::agents,
                              request.limit + 1);
    EntryPage page;
    for (const auto& row : rows) {
        page.more = page.entries.size() == static_cast<std::size_t>(request.limit);
        if (!page.more) page.entries.push_back(entry_view(row, request.conversation));
    }
    return page;
}

}  // namespace

asio::awaitable<Result<TenantState>> PostgresTenantStore::load(TenantId tenant) {
    const auto work = [tenant](pqxx::connection& c) { return load_tenant(c, tenant); };
    auto state = co_await pool_.run(work);
    if (!state) co_return state.error();
    if (!*state) co_return make_error_code(PostgresError::not_found);
    co_return std::move(**state);
}

asio::awaitable<Result<Facts>> PostgresTenantStore::find(TenantId tenant, LookUp look_up) {
    const auto work = [&](pqxx::connection& c) { return find_facts(c, tenant, look_up); };
    co_return co_await pool_.run(work);
}

asio::awaitable<Result<EntryPage>> PostgresTenantStore::read(PageRequest request) {
    const auto work = [&](pqxx::connection& c) { return read_page(c, request); };
    co_return co_await pool_.run(work);
}

}  // namespace switchboard
