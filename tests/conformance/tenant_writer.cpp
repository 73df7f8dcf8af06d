#include "conformance/tenant_writer.hpp"

namespace switchboard {
namespace {

// Gives the record its pos; false when its kind takes none.
struct Number {
    Pos pos;

    bool operator()(PointerRecord&) const { return false; }
    bool operator()(auto& record) const { return set(record.pos); }
    bool operator()(VisitorRecord& visitor) const { return set(visitor.id.value); }
    bool operator()(BlockRecord& block) const {
        if (!block.block.id) block.block.id.value = pos;
        return set(block.pos);
    }
    bool operator()(ConversationRecord& record) const {
        auto& row = record.conversation;
        if (!row.id) row.id.value = row.ticket = pos;
        return set(record.pos);
    }
    bool operator()(ClaimRecord& claim) const {
        if (!claim.id) {
            claim.id.value = pos;
            claim.active_pos = pos;
        }
        if (claim.wrap_up_pos && *claim.wrap_up_pos == 0) claim.wrap_up_pos = pos;
        if (claim.to_pos) claim.to_pos = pos;
        return set(claim.pos);
    }
    bool set(Pos& field) const {
        if (field == 0) field = pos;
        return true;
    }
};

Time at(std::int64_t seconds) { return Time(std::chrono::seconds(1'700'000'000 + seconds)); }

}  // namespace

void TenantWriter::take() {
    const auto taken = await_result(owners_.take(tenant_)).value();
    if (!taken) throw std::runtime_error("somebody else owns the tenant");
    epoch_ = taken->epoch;
    pos_ = taken->log_pos;
}

Batch TenantWriter::batch(std::vector<Record> records) const {
    Batch made;
    made.tenant = tenant_;
    made.fence = {epoch_, pos_};
    for (auto& record : records) {
        const Number number{pos_ + made.positions + 1};
        if (std::visit(number, record)) ++made.positions;
    }
    made.records = std::move(records);
    return made;
}

Commit TenantWriter::commit(const Batch& made) {
    const Commit answer = await_result(log_.commit(made));
    if (answer == Commit::stored) went_on(made);
    return answer;
}

ConversationId TenantWriter::start(std::uint8_t number) {
    const VisitorId visitor{pos_ + 1};
    const ConversationId id{pos_ + 2};
    ConversationRecord record;
    record.conversation.public_id = public_id(number);
    record.conversation.visitor = visitor;
    record.conversation.site = SiteId{1};
    record.conversation.opened_at = at(pos_);
    const VisitorRecord who{{}, public_id(number), "Visitor " + std::to_string(number), at(pos_)};
    const Commit answer = commit({who, record, message(id, 1, person(visitor), number)});
    if (answer != Commit::stored) throw std::runtime_error("a start was not stored");
    return id;
}

ClaimRecord TenantWriter::assign(AgentId agent, ConversationId conversation) {
    const Batch made = batch({claim(agent, conversation, Admission::new_work)});
    if (commit(made) != Commit::stored) throw std::runtime_error("a claim was not stored");
    return std::get<ClaimRecord>(made.records.front());
}

PublicId public_id(std::uint8_t number) {
    PublicId id;
    id.bytes[0] = 0xAB;
    id.bytes[15] = number;
    return id;
}

ClientMessageId message_id(std::uint8_t number) {
    ClientMessageId id;
    id.bytes[6] = 0x70;
    id.bytes[15] = number;
    return id;
}

Entry message(ConversationId conversation, Seq seq, Person author, std::uint8_t id) {
    Entry entry;
    entry.conversation = conversation;
    entry.seq = seq;
    entry.author = author;
    entry.at = at(id);
    entry.client_message_id = message_id(id);
    entry.content_hash = -id;
    entry.body = "message " + std::to_string(id);
    return entry;
}

ClaimRecord claim(AgentId agent, ConversationId conversation, Admission admission) {
    ClaimRecord record;
    record.agent = agent;
    record.conversation = conversation;
    record.admission = admission;
    return record;
}

ClaimRecord released(ClaimRecord open) {
    open.pos = 0;
    open.admission = Admission::opened_earlier;
    open.to_pos = 0;  // the pos that it gets
    return open;
}

ClaimRecord wrapped_up(ClaimRecord open, Time until) {
    open.pos = 0;
    open.admission = Admission::opened_earlier;
    open.wrap_up_pos = 0;  // the pos that it gets
    open.wrap_up_until = until;
    return open;
}

LimitRecord limit(AgentId agent, int slots_max, int slots_hard_max) {
    LimitRecord record;
    record.agent = agent;
    record.slots_max = slots_max;
    record.slots_hard_max = slots_hard_max;
    return record;
}

PointerRecord pointer(ConversationId conversation, Person person, Seq delivered, Seq seen) {
    return {{conversation, person, delivered, seen}};
}

}  // namespace switchboard
