#include "postgres/commit/rows.hpp"

namespace switchboard {
namespace {

std::optional<std::int64_t> id_of(const std::optional<Person>& person) {
    if (!person) return std::nullopt;
    return person->id;
}

// Each row has the fields of its type in migrations/0004_commit_batches.sql, or of its type in
// 0006_commit_batches_2.sql, in that order.

void add(BinaryArray& rows, std::int32_t batch, const FoldedLimits& limits) {
    rows.begin_row(10);
    rows.field(batch);
    rows.field(limits.last.agent);
    rows.field(limits.last.pos);
    rows.field(std::int32_t{limits.last.slots_max});
    rows.field(std::int32_t{limits.last.slots_hard_max});
    rows.field(std::int32_t{limits.slots_max_highest});
    rows.field(std::int32_t{limits.slots_hard_max_highest});
    rows.field(limits.last.wrap_up);
    rows.field(limits.last.channel);
    rows.field(limits.last.enabled);
}

void add(BinaryArray& rows, std::int32_t batch, const FoldedTotal& total) {
    rows.begin_row(5);
    rows.field(batch);
    rows.field(total.last.agent);
    rows.field(total.last.pos);
    rows.field(std::int32_t{total.last.total_max});
    rows.field(std::int32_t{total.highest});
}

void add(BinaryArray& rows, std::int32_t batch, const ClaimRecord& claim) {
    rows.begin_row(10);
    rows.field(batch);
    rows.field(claim.id);
    rows.field(claim.agent);
    rows.field(claim.conversation);
    rows.field(claim.active_pos);
    rows.field(claim.wrap_up_pos);
    rows.field(claim.to_pos);
    rows.field(claim.wrap_up_until);
    rows.field(claim.channel);
    rows.field(claim.admission);
}

void add(BinaryArray& rows, std::int32_t batch, const FoldedPresence& presence) {
    const PresenceRecord& record = *presence.record;
    rows.begin_row(16);
    rows.field(batch);
    rows.field(record.agent);
    rows.field(record.pos);
    rows.field(presence.idle_pos);
    rows.field(presence.is_last);
    rows.field(record.by.id);
    rows.field(record.at);
    rows.field(record.channel);
    rows.field(record.wish.intent);
    rows.field(record.wish.cause);
    rows.field(record.colour.status);
    rows.field(record.colour.reason);
    rows.field(record.by.kind);
    rows.field(record.colour.reconnecting);
    rows.field(record.turned_green);
    rows.field(record.wish.text);
}

void add(BinaryArray& rows, std::int32_t batch, const AttendanceRecord& record) {
    rows.begin_row(3);
    rows.field(batch);
    rows.field(record.agent);
    rows.field(record.attendance);
}

void add(BinaryArray& rows, std::int32_t batch, const VisitorRecord& visitor) {
    rows.begin_row(5);
    rows.field(batch);
    rows.field(visitor.id);
    rows.field(visitor.public_id);
    rows.field(visitor.name);
    rows.field(visitor.created_at);
}

void add(BinaryArray& rows, std::int32_t batch, const ConversationRecord& record) {
    const Conversation& conversation = record.conversation;
    rows.begin_row(21);
    rows.field(batch);
    rows.field(conversation.id);
    rows.field(conversation.public_id);
    rows.field(conversation.visitor);
    rows.field(conversation.site);
    rows.field(record.pos);
    rows.field(conversation.ticket);
    rows.field(conversation.agent);
    rows.field(conversation.opened_at);
    rows.field(conversation.queued_at);
    rows.field(conversation.assigned_at);
    rows.field(conversation.joined_at);
    rows.field(conversation.inactive_at);
    rows.field(conversation.left_at);
    rows.field(conversation.closed_at);
    rows.field(id_of(conversation.closed_by));
    if (conversation.closed_by) {
        rows.field(conversation.closed_by->kind);
    } else {
        rows.null(PgType::int2);
    }
    rows.field(conversation.channel);
    rows.field(conversation.state);
    rows.field(conversation.close_reason);
    rows.field(conversation.patient);
}

void add(BinaryArray& rows, std::int32_t batch, const Entry& entry) {
    rows.begin_row(12);
    rows.field(batch);
    rows.field(entry.conversation);
    rows.field(entry.pos);
    rows.field(entry.author.id);
    rows.field(entry.at);
    rows.field(entry.content_hash);
    rows.field(entry.seq);
    rows.field(entry.author.kind);
    rows.field(entry.kind);
    rows.field(entry.visibility);
    rows.field(entry.client_message_id);
    rows.field(entry.body);
}

void add(BinaryArray& rows, std::int32_t batch, const Pointer& pointer) {
    rows.begin_row(6);
    rows.field(batch);
    rows.field(pointer.conversation);
    rows.field(pointer.person.id);
    rows.field(pointer.delivered);
    rows.field(pointer.seen);
    rows.field(pointer.person.kind);
}

void add(BinaryArray& rows, std::int32_t batch, const BlockRecord& record) {
    const Block& block = record.block;
    rows.begin_row(11);
    rows.field(batch);
    rows.field(block.id);
    rows.field(block.public_id);
    rows.field(block.visitor);
    rows.field(block.visitor_public_id);
    rows.field(block.by.id);
    rows.field(block.at);
    rows.field(block.expires_at);
    rows.field(block.by.kind);
    rows.field(block.visitor_name);
    rows.field(block.reason);
}

void add(BinaryArray& rows, std::int32_t batch, const LiftRecord& record) {
    rows.begin_row(6);
    rows.field(batch);
    rows.field(record.block);
    rows.field(record.pos);
    rows.field(record.by.id);
    rows.field(record.at);
    rows.field(record.by.kind);
}

void add(BinaryArray& rows, std::int32_t batch, const MissedRecord& record) {
    rows.begin_row(7);
    rows.field(batch);
    rows.field(record.pos);
    rows.field(record.site);
    rows.field(record.at);
    rows.field(record.visitor);
    rows.field(record.channel);
    rows.field(record.cause);
}

void add(BinaryArray& rows, std::int32_t batch, const FormRecord& record) {
    rows.begin_row(8);
    rows.field(batch);
    rows.field(record.conversation);
    rows.field(record.pos);
    rows.field(record.by.id);
    rows.field(record.at);
    rows.field(record.by.kind);
    rows.field(record.tags);
    rows.field(record.note);
}

void add(BinaryArray& rows, std::int32_t batch, const RatingRecord& record) {
    rows.begin_row(6);
    rows.field(batch);
    rows.field(record.conversation);
    rows.field(record.pos);
    rows.field(record.at);
    rows.field(static_cast<std::int16_t>(record.stars));
    rows.field(record.comment);
}

// Of things, or of pointers to them.
template <class List>
void add_all(RowArrays& arrays, RowKind kind, std::int32_t batch, const List& list) {
    BinaryArray& rows = rows_of(arrays, kind);
    for (const auto& each : list) {
        if constexpr (std::is_pointer_v<typename List::value_type>) {
            add(rows, batch, *each);
        } else {
            add(rows, batch, each);
        }
    }
}

}  // namespace

void add_rows(RowArrays& arrays, std::int32_t batch, const FoldedBatch& folded) {
    add_all(arrays, RowKind::limit, batch, folded.limits);
    add_all(arrays, RowKind::claim, batch, folded.claims);
    add_all(arrays, RowKind::visitor, batch, folded.visitors);
    add_all(arrays, RowKind::conversation, batch, folded.conversations);
    add_all(arrays, RowKind::entry, batch, folded.entries);
    add_all(arrays, RowKind::pointer, batch, folded.pointers);
    add_all(arrays, RowKind::presence, batch, folded.presence);
    add_all(arrays, RowKind::attendance, batch, folded.attendances);
    add_all(arrays, RowKind::total_limit, batch, folded.totals);
    add_all(arrays, RowKind::block, batch, folded.blocks);
    add_all(arrays, RowKind::lift, batch, folded.lifts);
    add_all(arrays, RowKind::missed, batch, folded.missed);
    add_all(arrays, RowKind::form, batch, folded.forms);
    add_all(arrays, RowKind::rating, batch, folded.ratings);
    add_configuration(arrays, batch, folded);
}

}  // namespace switchboard
