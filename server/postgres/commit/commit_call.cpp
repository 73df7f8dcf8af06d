#include "postgres/commit/commit_call.hpp"

namespace switchboard {
namespace {

constexpr const char* statement_name = "commit";

std::optional<std::int64_t> id_of(const std::optional<Person>& person) {
    if (!person) return std::nullopt;
    return person->id;
}

}  // namespace

void CommitCall::prepare(pqxx::connection& connection) {
    connection.prepare(statement_name,
                       "SELECT commit_batches($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
    connection.prepare_now(statement_name);
}

void CommitCall::clear() {
    for (auto* array : {&tenant_,
                        &epoch_,
                        &expect_,
                        &records_,
                        &limit_,
                        &claim_,
                        &visitor_,
                        &conversation_,
                        &entry_,
                        &pointer_}) {
        array->clear();
    }
}

void CommitCall::add(const Batch& batch) {
    tenant_.add(batch.tenant.value);
    epoch_.add(batch.fence.epoch);
    expect_.add(batch.fence.pos);
    records_.add(std::int32_t{batch.positions});

    const std::int32_t index = tenant_.size();  // 1-based, as in SQL
    fold(batch, folded_);
    encode_limits(index);
    encode_claims(index);
    encode_visitors(index);
    encode_conversations(index);
    encode_entries(index);
    encode_pointers(index);
}

std::string CommitCall::run(pqxx::connection& connection,
                            const RecordTypes& types,
                            const std::string& me,
                            bool wait) {
    pqxx::nontransaction transaction(connection);
    const auto answer = transaction.exec_prepared(statement_name,
                                                  me,
                                                  wait,
                                                  tenant_.parameter(PgType::int8),
                                                  epoch_.parameter(PgType::int8),
                                                  expect_.parameter(PgType::int8),
                                                  records_.parameter(PgType::int4),
                                                  limit_.parameter(types.limit),
                                                  claim_.parameter(types.claim),
                                                  visitor_.parameter(types.visitor),
                                                  conversation_.parameter(types.conversation),
                                                  entry_.parameter(types.entry),
                                                  pointer_.parameter(types.pointer));
    return answer.at(0).at(0).c_str();
}

// Each row below has the fields of its type in migrations/0004_commit_batches.sql, in that order.

void CommitCall::encode_limits(std::int32_t batch) {
    for (const FoldedLimits& limits : folded_.limits) {
        limit_.begin_row(9);
        limit_.field(batch);
        limit_.field(limits.last.agent);
        limit_.field(limits.last.pos);
        limit_.field(std::int32_t{limits.last.slots_max});
        limit_.field(std::int32_t{limits.last.slots_hard_max});
        limit_.field(std::int32_t{limits.slots_max_highest});
        limit_.field(std::int32_t{limits.slots_hard_max_highest});
        limit_.field(limits.last.channel);
        limit_.field(limits.last.enabled);
    }
}

void CommitCall::encode_claims(std::int32_t batch) {
    for (const ClaimRecord& claim : folded_.claims) {
        claim_.begin_row(9);
        claim_.field(batch);
        claim_.field(claim.id);
        claim_.field(claim.agent);
        claim_.field(claim.conversation);
        claim_.field(claim.active_pos);
        claim_.field(claim.wrap_up_pos);
        claim_.field(claim.to_pos);
        claim_.field(claim.channel);
        claim_.field(claim.admission);
    }
}

void CommitCall::encode_visitors(std::int32_t batch) {
    for (const VisitorRecord* visitor : folded_.visitors) {
        visitor_.begin_row(5);
        visitor_.field(batch);
        visitor_.field(visitor->id);
        visitor_.field(visitor->public_id);
        visitor_.field(std::string_view(visitor->name));
        visitor_.field(visitor->created_at);
    }
}

void CommitCall::encode_conversations(std::int32_t batch) {
    for (const ConversationRecord* record : folded_.conversations) {
        const Conversation& conversation = record->conversation;
        conversation_.begin_row(14);
        conversation_.field(batch);
        conversation_.field(conversation.id);
        conversation_.field(conversation.public_id);
        conversation_.field(conversation.visitor);
        conversation_.field(conversation.site);
        conversation_.field(record->pos);
        conversation_.field(conversation.ticket);
        conversation_.field(conversation.opened_at);
        conversation_.field(conversation.assigned_at);
        conversation_.field(conversation.closed_at);
        conversation_.field(id_of(conversation.closed_by));
        if (conversation.closed_by) {
            conversation_.field(conversation.closed_by->kind);
        } else {
            conversation_.null(PgType::int2);
        }
        conversation_.field(conversation.channel);
        conversation_.field(conversation.state);
    }
}

void CommitCall::encode_entries(std::int32_t batch) {
    for (const Entry* entry : folded_.entries) {
        entry_.begin_row(12);
        entry_.field(batch);
        entry_.field(entry->conversation);
        entry_.field(entry->pos);
        entry_.field(entry->author.id);
        entry_.field(entry->at);
        entry_.field(entry->content_hash);
        entry_.field(entry->seq);
        entry_.field(entry->author.kind);
        entry_.field(entry->kind);
        entry_.field(entry->visibility);
        entry_.field(entry->client_message_id);
        entry_.field(std::string_view(entry->body));
    }
}

void CommitCall::encode_pointers(std::int32_t batch) {
    for (const Pointer& pointer : folded_.pointers) {
        pointer_.begin_row(6);
        pointer_.field(batch);
        pointer_.field(pointer.conversation);
        pointer_.field(pointer.person.id);
        pointer_.field(pointer.delivered);
        pointer_.field(pointer.seen);
        pointer_.field(pointer.person.kind);
    }
}

}  // namespace switchboard
