#include "conformance/postgres_history.hpp"

#include "postgres/columns.hpp"

namespace switchboard {
namespace {

#define AT SWITCHBOARD_MICROSECONDS("at")

PresenceRecord presence(const pqxx::row& row) {
    PresenceRecord change;
    change.pos = row[0].as<Pos>();
    change.agent.value = row[1].as<std::int64_t>();
    change.channel = to_enum<Channel>(row[2]);
    change.wish = {to_enum<Intent>(row[3]), to_enum<Reason>(row[4]), to_text(row[5])};
    change.colour = {to_enum<Status>(row[6]), to_enum<Reason>(row[7]), row[8].as<bool>()};
    change.by = {to_enum<PersonKind>(row[9]), row[10].as<std::int64_t>()};
    change.at = to_time(row[11]);
    change.turned_green = row[12].as<bool>();
    return change;
}

MissedRecord missed(const pqxx::row& row) {
    MissedRecord missed;
    missed.pos = row[0].as<Pos>();
    missed.site.value = row[1].as<std::int64_t>();
    missed.channel = to_enum<Channel>(row[2]);
    missed.visitor = to_bits<PublicId>(row[3]);
    missed.cause = to_enum<Missed>(row[4]);
    missed.at = to_time(row[5]);
    return missed;
}

LiftRecord lift(const pqxx::row& row) {
    LiftRecord lift;
    lift.pos = row[0].as<Pos>();
    lift.block.value = row[1].as<std::int64_t>();
    lift.by = {to_enum<PersonKind>(row[2]), row[3].as<std::int64_t>()};
    lift.at = to_time(row[4]);
    return lift;
}

FormRecord form(const pqxx::row& row) {
    FormRecord form;
    form.pos = row[0].as<Pos>();
    form.conversation.value = row[1].as<std::int64_t>();
    form.by = {to_enum<PersonKind>(row[2]), row[3].as<std::int64_t>()};
    form.at = to_time(row[4]);
    form.tags = to_texts(row[5]);
    form.note = to_text(row[6]);
    return form;
}

RatingRecord rating(const pqxx::row& row) {
    RatingRecord rating;
    rating.pos = row[0].as<Pos>();
    rating.conversation.value = row[1].as<std::int64_t>();
    rating.at = to_time(row[2]);
    rating.stars = row[3].as<int>();
    rating.comment = to_text(row[4]);
    return rating;
}

}  // namespace

StoredHistory stored_history(pqxx::connection& connection, TenantId tenant) {
    pqxx::nontransaction session(connection);
    const auto read = [&](const char* query) { return session.exec_params(query, tenant.value); };
    StoredHistory history;
    for (const auto& row :
         read("SELECT pos, agent_id, channel, intent, cause, wish_text, status, reason,"
              "       reconnecting, by_kind, by_id, " AT ", turned_green"
              "  FROM presence_change WHERE tenant_id = $1 ORDER BY pos"))
        history.presence.push_back(presence(row));
    for (const auto& row : read("SELECT pos, site_id, channel, visitor_public_id, cause, " AT
                                "  FROM missed_contact WHERE tenant_id = $1 ORDER BY pos"))
        history.missed.push_back(missed(row));
    for (const auto& row :
         read("SELECT lifted_pos, block_id, lifted_by_kind, lifted_by_id,"
              "       " SWITCHBOARD_MICROSECONDS(
                  "lifted_at") " FROM block"
                               " WHERE tenant_id = $1 AND lifted_at IS NOT NULL ORDER BY block_id"))
        history.lifts.push_back(lift(row));
    for (const auto& row :
         read("SELECT pos, conversation_id, by_kind, by_id, " AT ", tags, note"
              "  FROM conversation_form WHERE tenant_id = $1 ORDER BY conversation_id"))
        history.forms.push_back(form(row));
    for (const auto& row :
         read("SELECT pos, conversation_id, " AT ", stars, comment"
              "  FROM conversation_rating WHERE tenant_id = $1 ORDER BY conversation_id"))
        history.ratings.push_back(rating(row));
    for (const auto& row :
         read("SELECT password_hash FROM agent WHERE tenant_id = $1 ORDER BY agent_id"))
        history.password_hashes.push_back(to_text(row[0]));
    return history;
}

}  // namespace switchboard
