#include <algorithm>

#include "domain/text.hpp"
#include "support/memory_tenant_changes.hpp"

namespace switchboard {
namespace {

bool is_storable(int slots_max, int slots_hard_max) {
    return slots_max >= 0 && slots_hard_max >= slots_max;
}

bool are_storable(const std::vector<std::string>& texts) {
    return std::ranges::all_of(texts, is_storable_text);
}

// Whether PostgreSQL can keep all texts of a record.
struct HasStorableTexts {
    bool operator()(const Entry& entry) const { return is_storable_text(entry.body); }
    bool operator()(const VisitorRecord& visitor) const { return is_storable_text(visitor.name); }
    bool operator()(const PresenceRecord& change) const {
        return is_storable_text(change.wish.text);
    }
    bool operator()(const BlockRecord& record) const {
        return is_storable_text(record.block.visitor_name) && is_storable_text(record.block.reason);
    }
    bool operator()(const FormRecord& form) const {
        return is_storable_text(form.note) && are_storable(form.tags);
    }
    bool operator()(const RatingRecord& rating) const { return is_storable_text(rating.comment); }
    bool operator()(const Group& group) const { return is_storable_text(group.name); }
    bool operator()(const Site& site) const {
        return is_storable_text(site.key) && is_storable_text(site.name) &&
               are_storable(site.origins);
    }
    bool operator()(const Account& account) const {
        return is_storable_text(account.login) && is_storable_text(account.password_hash) &&
               is_storable_text(account.name);
    }
};

template <class List>
bool all_storable(const List& list) {
    return std::ranges::all_of(list, [](const auto& each) {
        if constexpr (std::is_pointer_v<typename List::value_type>) {
            return HasStorableTexts{}(*each);
        } else {
            return HasStorableTexts{}(each.second);
        }
    });
}

bool has_seq(const MemoryTenant::Talk& talk, Seq seq) {
    const auto earlier = [](const Entry& entry, Seq wanted) { return entry.seq < wanted; };
    const auto at = std::lower_bound(talk.entries.begin(), talk.entries.end(), seq, earlier);
    return at != talk.entries.end() && at->seq == seq;
}

}  // namespace

// In the order in which the real tables are written, so that a batch with several faults is told
// the same one. A key that is used twice is a duplicate when a client id of the batch is stored.
std::optional<Commit> MemoryTenant::objection(const Changes& changes) const {
    const bool is_sent = std::ranges::any_of(
        changes.entries, [this](const Entry* entry) { return has_sent(*entry); });
    const Commit used_twice = is_sent ? Commit::duplicate : Commit::diverged;

    if (!texts_are_storable(changes)) return Commit::refused;
    if (const auto why = objection_to_configuration(changes, used_twice)) return why;
    for (const auto& [key, limit] : changes.limits)
        if (!is_storable(limit.slots_max, limit.slots_hard_max)) return Commit::refused;
    if (!claims_are_open(changes)) return Commit::diverged;
    if (!is_one_active(changes)) return used_twice;
    if (!slots_fit(changes)) return Commit::diverged;
    for (const auto& [key, limit] : changes.limits)
        if (!is_storable(limit.last.slots_max, limit.last.slots_hard_max)) return Commit::refused;
    for (const auto& [agent, total] : changes.totals)
        if (total.last < 0) return Commit::refused;
    if (!people_are_there(changes)) return Commit::diverged;
    if (is_sent || !rows_are_new(changes)) return used_twice;
    return objection_to_blocks(changes, used_twice);
}

bool MemoryTenant::texts_are_storable(const Changes& changes) {
    return all_storable(changes.entries) && all_storable(changes.visitors) &&
           all_storable(changes.presence) && all_storable(changes.blocks) &&
           all_storable(changes.forms) && all_storable(changes.ratings) &&
           all_storable(changes.groups) && all_storable(changes.sites) &&
           all_storable(changes.accounts);
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

// New work stays under slots_max, returning work under slots_hard_max (P5), both under the agent's
// limit over all channels (C2). Within a batch the higher of an old and a new limit holds.
bool MemoryTenant::slots_fit(const Changes& changes) const {
    std::map<AgentOnChannel, Load> loads;
    std::map<AgentId, Load> totals_of;
    for (const auto& [id, claim] : changes.claims) {
        const bool opens = claim.admission != Admission::opened_earlier;
        const bool is_open = !claim.last.to_pos;
        if (!opens && is_open) continue;
        for (Load* load :
             {&loads[{claim.last.agent, claim.last.channel}], &totals_of[claim.last.agent]}) {
            load->fresh += is_open && claim.admission == Admission::new_work ? 1 : 0;
            load->returned += is_open && claim.admission == Admission::returning ? 1 : 0;
            load->released += opens ? 0 : 1;
        }
    }
    return std::ranges::all_of(
               loads, [&](const auto& each) { return fits(changes, each.first, each.second); }) &&
           std::ranges::all_of(
               totals_of, [&](const auto& each) { return fits(changes, each.first, each.second); });
}

bool MemoryTenant::fits(const Changes& changes, AgentOnChannel key, const Load& load) const {
    const auto now = slots.find(key);
    const auto limit = changes.limits.find(key);
    if (now == slots.end() && limit == changes.limits.end()) return false;
    Slots room = now == slots.end() ? Slots() : now->second;
    if (now == slots.end()) room.row.slots_max = room.row.slots_hard_max = 0;
    if (limit != changes.limits.end()) {
        room.row.slots_max = std::max(room.row.slots_max, limit->second.slots_max);
        room.row.slots_hard_max = std::max(room.row.slots_hard_max, limit->second.slots_hard_max);
    }
    const int after_fresh = room.active + load.fresh - load.released;
    const int after = after_fresh + load.returned;
    if (load.fresh > 0 && after_fresh > room.row.slots_max) return false;
    return load.returned == 0 || after <= room.row.slots_hard_max;
}

bool MemoryTenant::fits(const Changes& changes, AgentId agent, const Load& load) const {
    const auto now = totals.find(agent);
    if (now == totals.end() || load.fresh + load.returned == 0) return true;
    int most = now->second;
    if (const auto set = changes.totals.find(agent); set != changes.totals.end()) {
        if (set->second.highest == 0) return true;
        most = std::max(most, set->second.highest);
    }
    return open_claims_of(agent) + load.fresh + load.returned - load.released <= most;
}

// Whoever is said to have changed his presence.
bool MemoryTenant::people_are_there(const Changes& changes) const {
    return std::ranges::all_of(changes.presence,
                               [&](const PresenceRecord* change) {
                                   const AgentOnChannel key{change->agent, change->channel};
                                   return slots.contains(key) || changes.limits.contains(key);
                               }) &&
           std::ranges::all_of(changes.attendances, [&](const AttendanceRecord* record) {
               return agent(record->agent) != nullptr || changes.accounts.contains(record->agent);
           });
}

// No key of visitors, conversations and entries is used twice: not with a row that is stored, not
// within the batch.
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

// The last to be written.
std::optional<Commit> MemoryTenant::objection_to_blocks(const Changes& changes,
                                                        Commit used_twice) const {
    std::set<PublicId> ids;
    for (const auto& [id, block] : blocks)
        ids.insert(block.public_id);
    for (const auto* record : changes.blocks)
        if (!ids.insert(record->block.public_id).second) return used_twice;
    std::set<BlockId> lifted;
    for (const auto* lift : changes.lifts) {
        const bool is_new = std::ranges::any_of(changes.blocks, [&](const BlockRecord* record) {
            return record->block.id == lift->block;
        });
        if (!is_new && !blocks.contains(lift->block)) return Commit::diverged;
        if (lifts.contains(lift->block) || !lifted.insert(lift->block).second)
            return Commit::diverged;
    }
    for (const auto* rating : changes.ratings)
        if (rating->stars < 1 || rating->stars > 5) return Commit::refused;
    return std::nullopt;
}

}  // namespace switchboard
