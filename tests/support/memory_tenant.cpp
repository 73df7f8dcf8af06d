#include "support/memory_tenant.hpp"

#include <algorithm>

#include "support/memory_tenant_changes.hpp"

namespace switchboard {
Commit MemoryTenant::store(const Batch& batch) {
    const Changes changes(batch);
    if (const auto why = objection(changes)) return *why;
    apply(changes);
    log_pos = batch.fence.pos + batch.positions;
    return Commit::stored;
}

int MemoryTenant::open_claims_of(AgentId agent) const {
    int count = 0;
    for (auto at = slots.lower_bound({agent, Channel()});
         at != slots.end() && at->first.first == agent;
         ++at)
        count += at->second.active;
    return count;
}

void MemoryTenant::apply(const Changes& changes) {
    apply_configuration(changes);
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
    apply_claims(changes);
    for (const auto* entry : changes.entries)
        apply(*entry);
    for (const auto& [key, pointer] : changes.pointers)
        grow(talks[key.first].pointers[key.second], pointer);
    apply_people(changes);
    for (const auto* record : changes.blocks)
        blocks[record->block.id] = record->block;
    for (const auto* lift : changes.lifts)
        lifts[lift->block] = *lift;
    for (const auto* contact : changes.missed)
        missed.push_back(*contact);
    for (const auto* form : changes.forms)
        forms[form->conversation] = *form;
    for (const auto* rating : changes.ratings)
        ratings[rating->conversation] = *rating;
}

void MemoryTenant::apply_claims(const Changes& changes) {
    for (const auto& [id, claim] : changes.claims)  // who stops being active comes first
        if (!is_active(claim.last)) apply(claim.last);
    for (const auto& [id, claim] : changes.claims)
        if (is_active(claim.last)) apply(claim.last);
    for (const auto& [id, claim] : changes.claims) {
        if (claim.admission != Admission::opened_earlier)
            ++slots[{claim.last.agent, claim.last.channel}].active;
        if (claim.last.to_pos) --slots[{claim.last.agent, claim.last.channel}].active;
    }
}

void MemoryTenant::apply(const ClaimRecord& claim) {
    Talk& talk = talks[claim.conversation];
    claims[claim.id] = claim;
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

// Limits, presence, attendance.
void MemoryTenant::apply_people(const Changes& changes) {
    for (const auto& [key, limit] : changes.limits) {
        AgentChannel& row = slots[key].row;
        row.channel = limit.last.channel;
        row.enabled = limit.last.enabled;
        row.slots_max = limit.last.slots_max;
        row.slots_hard_max = limit.last.slots_hard_max;
        row.wrap_up = limit.last.wrap_up;
    }
    for (const auto& [agent, total] : changes.totals) {
        totals.erase(agent);
        if (total.last > 0) totals[agent] = total.last;
    }
    for (const auto* change : changes.presence) {
        presence.push_back(*change);
        AgentChannel& row = slots[{change->agent, change->channel}].row;
        row.wish = change->wish;
        row.colour = change->colour;
        row.version = change->pos;
        if (!change->turned_green) continue;
        Pos& idle = idle_pos[change->agent];
        idle = std::max(idle, change->pos);
    }
    for (const auto* record : changes.attendances)
        find_by_id(configuration.agents, record->agent)->attendance = record->attendance;
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
