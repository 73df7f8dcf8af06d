#include "support/memory_tenant.hpp"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "domain/text.hpp"

namespace switchboard {
namespace {

bool is_active(const ClaimRecord& claim) {
    return claim.active_pos && !claim.wrap_up_pos && !claim.to_pos;
}

bool is_storable(int slots_max, int slots_hard_max) {
    return slots_max >= 0 && slots_hard_max >= slots_max;
}

// A pointer never goes back.
void grow(Pointer& pointer, const Pointer& moved) {
    const Pointer old = pointer;
    pointer = moved;
    pointer.delivered = std::max(old.delivered, moved.delivered);
    pointer.seen = std::max(old.seen, moved.seen);
}

bool sent_earlier(const SentMessage& a, const SentMessage& b) {
    return std::tie(a.id, a.sender) < std::tie(b.id, b.sender);
}

std::optional<Pos> pos_of(const Record& record) {
    if (const auto* visitor = std::get_if<VisitorRecord>(&record)) return visitor->id.value;
    if (const auto* entry = std::get_if<Entry>(&record)) return entry->pos;
    if (const auto* talk = std::get_if<ConversationRecord>(&record)) return talk->pos;
    if (const auto* claim = std::get_if<ClaimRecord>(&record)) return claim->pos;
    if (const auto* limit = std::get_if<LimitRecord>(&record)) return limit->pos;
    return std::nullopt;
}

// A pos that was used before is for the tables to refuse; any other disorder is the caller's bug.
void check_positions(const Batch& batch) {
    Pos next = batch.fence.pos + 1;
    for (const auto& record : batch.records) {
        const auto pos = pos_of(record);
        if (!pos) continue;
        if (*pos > batch.fence.pos && *pos != next)
            throw std::logic_error("the positions of a batch are not in sequence");
        ++next;
    }
    if (next != batch.fence.pos + 1 + batch.positions)
        throw std::logic_error("a batch does not take the positions that it says");
}

bool has_seq(const MemoryTenant::Talk& talk, Seq seq) {
    const auto earlier = [](const Entry& entry, Seq wanted) { return entry.seq < wanted; };
    const auto at = std::lower_bound(talk.entries.begin(), talk.entries.end(), seq, earlier);
    return at != talk.entries.end() && at->seq == seq;
}

}  // namespace

// A batch folded to the final state per row.
struct MemoryTenant::Changes {
    struct Claim {
        ClaimRecord last;
        Admission admission = Admission::opened_earlier;  // of the first record
    };
    struct Limit {
        AgentChannel last;
        int slots_max = 0;  // the highest of the batch
        int slots_hard_max = 0;
    };
    std::vector<const VisitorRecord*> visitors;
    std::map<ConversationId, const ConversationRecord*> talks;
    std::vector<const Entry*> entries;
    std::map<ClaimId, Claim> claims;
    std::map<AgentOnChannel, Limit> limits;
    std::map<std::pair<ConversationId, Person>, Pointer> pointers;
};

Commit MemoryTenant::store(const Batch& batch) {
    check_positions(batch);
    const Changes changes = fold(batch);
    if (const auto why = objection(changes)) return *why;
    apply(changes);
    log_pos = batch.fence.pos + batch.positions;
    return Commit::stored;
}

MemoryTenant::Changes MemoryTenant::fold(const Batch& batch) const {
    Changes changes;
    for (const auto& record : batch.records) {
        if (const auto* visitor = std::get_if<VisitorRecord>(&record)) {
            changes.visitors.push_back(visitor);
        } else if (const auto* talk = std::get_if<ConversationRecord>(&record)) {
            changes.talks[talk->conversation.id] = talk;
        } else if (const auto* entry = std::get_if<Entry>(&record)) {
            changes.entries.push_back(entry);
        } else if (const auto* claim = std::get_if<ClaimRecord>(&record)) {
            const auto [place, is_first] = changes.claims.try_emplace(claim->id);
            if (is_first) place->second.admission = claim->admission;
            place->second.last = *claim;
        } else if (const auto* limit = std::get_if<LimitRecord>(&record)) {
            auto& folded = changes.limits[{limit->agent, limit->channel}];
            folded.last = {limit->channel, limit->enabled, limit->slots_max, limit->slots_hard_max};
            folded.slots_max = std::max(folded.slots_max, limit->slots_max);
            folded.slots_hard_max = std::max(folded.slots_hard_max, limit->slots_hard_max);
        } else if (const auto* moved = std::get_if<PointerRecord>(&record)) {
            grow(changes.pointers[{moved->pointer.conversation, moved->pointer.person}],
                 moved->pointer);
        }
    }
    return changes;
}

// In the order in which the real tables are written, so that a batch with several faults is told
// the same one. A key that is used twice is a duplicate when a client id of the batch is stored.
std::optional<Commit> MemoryTenant::objection(const Changes& changes) const {
    const bool is_sent = std::any_of(changes.entries.begin(),
                                     changes.entries.end(),
                                     [this](const Entry* entry) { return has_sent(*entry); });
    const Commit used_twice = is_sent ? Commit::duplicate : Commit::diverged;

    if (!texts_are_storable(changes)) return Commit::refused;
    for (const auto& [key, limit] : changes.limits)
        if (!is_storable(limit.slots_max, limit.slots_hard_max)) return Commit::refused;
    if (!claims_are_open(changes)) return Commit::diverged;
    if (!is_one_active(changes)) return used_twice;
    if (!slots_fit(changes)) return Commit::diverged;
    for (const auto& [key, limit] : changes.limits)
        if (!is_storable(limit.last.slots_max, limit.last.slots_hard_max)) return Commit::refused;
    if (is_sent || !rows_are_new(changes)) return used_twice;
    return std::nullopt;
}

bool MemoryTenant::texts_are_storable(const Changes& changes) const {
    return std::all_of(changes.entries.begin(),
                       changes.entries.end(),
                       [](const Entry* entry) { return is_storable_text(entry->body); }) &&
           std::all_of(changes.visitors.begin(),
                       changes.visitors.end(),
                       [](const VisitorRecord* v) { return is_storable_text(v->name); });
}

bool MemoryTenant::has_sent(const Entry& entry) const {
    if (!entry.client_message_id) return false;
    SentMessage wanted;
    wanted.id = *entry.client_message_id;
    wanted.sender = entry.author;
    return std::binary_search(sent.begin(), sent.end(), wanted, sent_earlier);
}

// A claim that is changed is open and the one described; one that is opened is new.
bool MemoryTenant::claims_are_open(const Changes& changes) const {
    return std::all_of(changes.claims.begin(), changes.claims.end(), [this](const auto& change) {
        const auto& [id, claim] = change;
        const auto known = claims.find(id);
        if (claim.admission != Admission::opened_earlier) return known == claims.end();
        return known != claims.end() && !known->second.to_pos &&
               known->second.agent == claim.last.agent &&
               known->second.channel == claim.last.channel &&
               known->second.conversation == claim.last.conversation;
    });
}

// No conversation is assigned twice (P4).
bool MemoryTenant::is_one_active(const Changes& changes) const {
    std::map<ConversationId, int> active;  // more or fewer than now
    for (const auto& [id, claim] : changes.claims) {
        const auto known = claims.find(id);
        if (known != claims.end() && is_active(known->second)) --active[claim.last.conversation];
        if (is_active(claim.last)) ++active[claim.last.conversation];
    }
    return std::all_of(active.begin(), active.end(), [this](const auto& change) {
        const auto talk = talks.find(change.first);
        const bool has_one = talk != talks.end() && talk->second.active;
        return (has_one ? 1 : 0) + change.second <= 1;
    });
}

// New work stays under slots_max, returning work under slots_hard_max (P5). Within a batch the
// higher of an old and a new limit holds.
bool MemoryTenant::slots_fit(const Changes& changes) const {
    struct Load {
        int fresh = 0;
        int returned = 0;
        int released = 0;
    };
    std::map<AgentOnChannel, Load> loads;
    for (const auto& [id, claim] : changes.claims) {
        const bool opens = claim.admission != Admission::opened_earlier;
        const bool is_open = !claim.last.to_pos;
        if (!opens && is_open) continue;
        auto& load = loads[{claim.last.agent, claim.last.channel}];
        load.fresh += is_open && claim.admission == Admission::new_work ? 1 : 0;
        load.returned += is_open && claim.admission == Admission::returning ? 1 : 0;
        load.released += opens ? 0 : 1;
    }
    for (const auto& [key, load] : loads) {
        const auto now = slots.find(key);
        const auto limit = changes.limits.find(key);
        if (now == slots.end() && limit == changes.limits.end()) return false;
        Slots room = now == slots.end() ? Slots() : now->second;
        if (now == slots.end()) room.limit.slots_max = room.limit.slots_hard_max = 0;
        if (limit != changes.limits.end()) {
            room.limit.slots_max = std::max(room.limit.slots_max, limit->second.slots_max);
            room.limit.slots_hard_max =
                std::max(room.limit.slots_hard_max, limit->second.slots_hard_max);
        }
        const int after_fresh = room.active + load.fresh - load.released;
        const int after = after_fresh + load.returned;
        if (load.fresh > 0 && after_fresh > room.limit.slots_max) return false;
        if (load.returned > 0 && after > room.limit.slots_hard_max) return false;
    }
    return true;
}

// No key is used twice: not with a row that is stored, not within the batch.
bool MemoryTenant::rows_are_new(const Changes& changes) const {
    std::set<PublicId> new_visitors;
    std::set<PublicId> new_talks;
    for (const auto* visitor : changes.visitors) {
        if (visitor->id.value <= log_pos || visitor_ids.contains(visitor->public_id)) return false;
        if (!new_visitors.insert(visitor->public_id).second) return false;
    }
    for (const auto& [id, record] : changes.talks) {
        const PublicId& public_id = record->conversation.public_id;
        const auto known = talk_ids.find(public_id);
        if (known != talk_ids.end() && known->second != id) return false;
        if (!new_talks.insert(public_id).second) return false;
    }
    std::set<std::pair<ConversationId, Seq>> seqs;
    std::set<std::pair<ClientMessageId, Person>> ids;
    for (const auto* entry : changes.entries) {
        if (entry->pos <= log_pos) return false;
        const auto talk = talks.find(entry->conversation);
        if (talk != talks.end() && has_seq(talk->second, entry->seq)) return false;
        if (!seqs.insert({entry->conversation, entry->seq}).second) return false;
        const auto& id = entry->client_message_id;
        if (id && !ids.insert({*id, entry->author}).second) return false;
    }
    return true;
}

void MemoryTenant::apply(const Changes& changes) {
    for (const auto* visitor : changes.visitors) {
        visitors[visitor->id] = *visitor;
        visitor_ids[visitor->public_id] = visitor->id;
    }
    for (const auto& [id, record] : changes.talks) {
        talks[id].row = record->conversation;
        talk_ids[record->conversation.public_id] = id;
        if (record->conversation.state == ConversationState::closed) {
            open_talks.erase(id);
        } else {
            open_talks.insert(id);
        }
    }
    for (const auto& [id, claim] : changes.claims)  // who stops being active comes first
        if (!is_active(claim.last)) apply(claim.last);
    for (const auto& [id, claim] : changes.claims)
        if (is_active(claim.last)) apply(claim.last);
    for (const auto& [id, claim] : changes.claims) {
        if (claim.admission != Admission::opened_earlier)
            ++slots[{claim.last.agent, claim.last.channel}].active;
        if (claim.last.to_pos) --slots[{claim.last.agent, claim.last.channel}].active;
    }
    for (const auto& [key, limit] : changes.limits)
        slots[key].limit = limit.last;
    for (const auto* entry : changes.entries)
        apply(*entry);
    for (const auto& [key, pointer] : changes.pointers)
        grow(talks[key.first].pointers[key.second], pointer);
}

void MemoryTenant::apply(const ClaimRecord& claim) {
    Talk& talk = talks[claim.conversation];
    claims[claim.id] = claim;
    if (claim.active_pos && *claim.active_pos > talk.assigned_last_pos) {
        talk.assigned_last_pos = *claim.active_pos;
        talk.assigned_last = claim.agent;
    }
    if (is_active(claim)) {
        talk.active = claim.id;
    } else if (talk.active == claim.id) {
        talk.active = ClaimId();
    }
    if (claim.to_pos) {
        open_claims.erase(claim.id);
        Pos& idle = idle_pos[claim.agent];
        idle = std::max(idle, *claim.to_pos);
    } else {
        open_claims.insert(claim.id);
    }
}

void MemoryTenant::apply(const Entry& entry) {
    Talk& talk = talks[entry.conversation];
    const auto by_seq = [](const Entry& a, const Entry& b) { return a.seq < b.seq; };
    talk.entries.insert(std::upper_bound(talk.entries.begin(), talk.entries.end(), entry, by_seq),
                        entry);
    if (entry.pos > last_entry_pos) {
        last_entry_pos = entry.pos;
        last_at = entry.at;
    }
    if (!entry.client_message_id) return;
    const SentMessage message{*entry.client_message_id,
                              entry.author,
                              entry.content_hash,
                              talk.row.public_id,
                              entry.pos,
                              entry.seq,
                              entry.at};
    sent.insert(std::upper_bound(sent.begin(), sent.end(), message, sent_earlier), message);
}

}  // namespace switchboard
