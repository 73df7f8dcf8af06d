#include "postgres/load_tenant.hpp"

#include <algorithm>
#include <sstream>

#include "postgres/columns.hpp"
#include "postgres/load_configuration.hpp"

namespace switchboard {
namespace {

using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;

constexpr auto tenant_row =
    "SELECT t.retention_days, o.log_pos,"
    "       (SELECT " SWITCHBOARD_MICROSECONDS("e.at") " FROM entry e"
    "         WHERE e.tenant_id = t.tenant_id ORDER BY e.pos DESC LIMIT 1)"
    "  FROM tenant t JOIN tenant_owner o USING (tenant_id) WHERE t.tenant_id = $1";

// A message is what a person said to all: text or a link. Every part of the summary is a step or a
// few along the key of the entries, so the cost does not grow with the length of a conversation,
// and each is a LATERAL of its own, so that no plan joins the tables as wholes, whatever it knows
// of their sizes:
//   seen  - how far any agent of it has seen;
//   last  - the last message;
//   other - the last message by the side that did not speak last;
//   turn  - the first message after it: then the turn came to who is awaited.
#define OF_C "tenant_id = c.tenant_id AND conversation_id = c.conversation_id"
#define MESSAGE OF_C " AND kind IN (1, 4) AND visibility = 1 AND author_kind <> 5"
constexpr auto open_conversations =
    "SELECT c.conversation_id, c.public_id, c.visitor_id, c.site_id, c.channel, c.state, c.ticket,"
    "       " SWITCHBOARD_MICROSECONDS("c.opened_at") ","
    "       " SWITCHBOARD_MICROSECONDS("c.assigned_at") ","
    "       v.public_id, v.name,"
    "       (SELECT seq FROM entry WHERE " OF_C " ORDER BY seq DESC LIMIT 1),"
    "       (SELECT seq FROM entry WHERE " OF_C " AND visibility = 1 ORDER BY seq DESC LIMIT 1),"
    "       last.author_kind, " SWITCHBOARD_MICROSECONDS("last.at") ","
    "       other.seq, " SWITCHBOARD_MICROSECONDS("turn.at") ","
    "       (SELECT left(body, 200) FROM entry WHERE " MESSAGE " AND author_kind = 1"
    "         ORDER BY seq DESC LIMIT 1),"
    "       array_to_string(ARRAY(SELECT seq FROM entry WHERE " MESSAGE " AND author_kind = 1"
    "         AND seq > coalesce(seen.seq, 0) ORDER BY seq), ' '),"
    "       c.agent_id, c.patient,"
    "       " SWITCHBOARD_MICROSECONDS("coalesce(c.queued_at, c.opened_at)") ","
    "       " SWITCHBOARD_MICROSECONDS("c.joined_at") ","
    "       " SWITCHBOARD_MICROSECONDS("c.inactive_at") ","
    "       " SWITCHBOARD_MICROSECONDS("c.left_at")
    "  FROM conversation c"
    "  LEFT JOIN LATERAL (SELECT public_id, name FROM visitor"
    "         WHERE tenant_id = c.tenant_id AND visitor_id = c.visitor_id LIMIT 1) v ON true"
    "  LEFT JOIN LATERAL (SELECT max(seen_seq) AS seq FROM pointer WHERE " OF_C
    "           AND person_kind = 2) seen ON true"
    "  LEFT JOIN LATERAL (SELECT author_kind, at FROM entry WHERE " MESSAGE
    "         ORDER BY seq DESC LIMIT 1) last ON true"
    "  LEFT JOIN LATERAL (SELECT seq FROM entry WHERE " MESSAGE
    "         AND (author_kind = 1) <> (last.author_kind = 1) ORDER BY seq DESC LIMIT 1) other"
    "       ON true"
    "  LEFT JOIN LATERAL (SELECT at FROM entry WHERE " MESSAGE
    "         AND seq > coalesce(other.seq, 0) ORDER BY seq LIMIT 1) turn ON true"
    " WHERE c.tenant_id = $1 AND c.state <> 0 ORDER BY c.conversation_id";

constexpr auto select_pointers =
    "SELECT c.conversation_id, p.person_kind, p.person_id, p.delivered_seq, p.seen_seq"
    "  FROM conversation c CROSS JOIN LATERAL (SELECT * FROM pointer WHERE " OF_C
    " OFFSET 0) p"
    " WHERE c.tenant_id = $1 AND c.state <> 0"
    " ORDER BY c.conversation_id, p.person_kind, p.person_id";
#undef MESSAGE
#undef OF_C

constexpr auto select_claims =
    "SELECT claim_id, agent_id, conversation_id, channel, wrap_up_pos,"
    "       " SWITCHBOARD_MICROSECONDS("wrap_up_until") " FROM claim"
    " WHERE tenant_id = $1 AND to_pos IS NULL ORDER BY claim_id";

constexpr auto select_sent =
    "SELECT e.client_message_id, e.author_kind, e.author_id, e.content_hash, c.public_id, e.pos,"
    "       e.seq, " SWITCHBOARD_MICROSECONDS("e.at")
    "  FROM (SELECT * FROM entry WHERE tenant_id = $1 AND client_message_id IS NOT NULL"
    "         ORDER BY client_message_id DESC, author_kind DESC, author_id DESC LIMIT $2) e"
    "  JOIN conversation c USING (tenant_id, conversation_id)"
    " ORDER BY e.client_message_id DESC, e.author_kind DESC, e.author_id DESC";

Conversation conversation(const pqxx::row& row) {
    Conversation conversation;
    conversation.id.value = row[0].as<std::int64_t>();
    conversation.public_id = to_bits<PublicId>(row[1]);
    conversation.visitor.value = row[2].as<std::int64_t>();
    conversation.site.value = row[3].as<std::int64_t>();
    conversation.channel = to_enum<Channel>(row[4]);
    conversation.state = to_enum<ConversationState>(row[5]);
    conversation.ticket = row[6].as<Pos>();
    conversation.opened_at = to_time(row[7]);
    conversation.assigned_at = to_optional_time(row[8]);
    conversation.agent.value = row[19].as<std::int64_t>();
    conversation.patient = row[20].as<bool>();
    conversation.queued_at = to_time(row[21]);
    conversation.joined_at = to_optional_time(row[22]);
    conversation.inactive_at = to_optional_time(row[23]);
    conversation.left_at = to_optional_time(row[24]);
    return conversation;
}

// The agent is awaited at first, so only his answer, or a visitor's after it, passes the turn on.
TimelineSummary summary(const pqxx::row& row) {
    TimelineSummary summary;
    summary.last_seq = to_number<Seq>(row[11]);
    summary.last_public_seq = to_number<Seq>(row[12]);
    summary.last_message_at = to_optional_time(row[14]);
    summary.awaiting_since = to_time(row[7]);
    if (summary.last_message_at) {
        const bool by_visitor = to_enum<PersonKind>(row[13]) == PersonKind::visitor;
        const bool passed_on = !by_visitor || !row[15].is_null();
        summary.awaiting = by_visitor ? Awaiting::agent : Awaiting::visitor;
        if (passed_on) summary.awaiting_since = to_time(row[16]);
    }
    summary.last_visitor_message = preview(to_text(row[17]));
    std::istringstream unread(to_text(row[18]));
    for (Seq seq = 0; unread >> seq;)
        summary.unread.push_back(seq);
    return summary;
}

std::vector<OpenConversation> conversations(const pqxx::result& rows,
                                            const pqxx::result& pointers) {
    std::vector<OpenConversation> list;
    auto next = pointers.begin();
    for (const auto& row : rows) {
        OpenConversation open;
        open.conversation = conversation(row);
        open.visitor = to_bits<PublicId>(row[9]);
        open.visitor_name = to_text(row[10]);
        open.summary = summary(row);
        const ConversationId id = open.conversation.id;
        for (; next != pointers.end() && (*next)[0].as<std::int64_t>() == id.value; ++next) {
            const auto& p = *next;
            const Person person{to_enum<PersonKind>(p[1]), p[2].as<std::int64_t>()};
            open.pointers.push_back({id, person, p[3].as<Seq>(), p[4].as<Seq>()});
        }
        list.push_back(std::move(open));
    }
    return list;
}

std::vector<OpenClaim> claims(const pqxx::result& rows) {
    std::vector<OpenClaim> list;
    for (const auto& row : rows) {
        OpenClaim claim;
        claim.id.value = row[0].as<std::int64_t>();
        claim.agent.value = row[1].as<std::int64_t>();
        claim.conversation.value = row[2].as<std::int64_t>();
        claim.channel = to_enum<Channel>(row[3]);
        if (!row[4].is_null()) claim.wrap_up_pos = row[4].as<Pos>();
        claim.wrap_up_until = to_optional_time(row[5]);
        list.push_back(claim);
    }
    return list;
}

}  // namespace

std::optional<TenantState> load_tenant(pqxx::connection& connection, TenantId tenant) {
    Snapshot snapshot(connection);
    const auto read = [&](const char* query) { return snapshot.exec_params(query, tenant.value); };
    const auto found = read(tenant_row);
    if (found.empty()) return std::nullopt;

    TenantState state;
    state.id = tenant;
    state.retention_days = found[0][0].as<int>();
    state.log_pos = found[0][1].as<Pos>();
    state.last_at = to_optional_time(found[0][2]).value_or(Time());
    load_configuration(snapshot, state);
    state.conversations = conversations(read(open_conversations), read(select_pointers));
    state.claims = claims(read(select_claims));

    const auto sent = snapshot.exec_params(select_sent, tenant.value, state.sent_max + 1);
    for (const auto& row : sent)
        state.sent.push_back(to_sent_message(row));
    if (state.sent.size() > state.sent_max) {
        state.sent_before = state.sent.back().id;
        state.sent.pop_back();
    }
    std::reverse(state.sent.begin(), state.sent.end());
    return state;
}

}  // namespace switchboard
