#include "simulation/ledger.hpp"

#include <algorithm>

namespace switchboard {
namespace {

Pos pos_of(const Record& record) {
    if (const auto* entry = std::get_if<Entry>(&record)) return entry->pos;
    if (const auto* talk = std::get_if<ConversationRecord>(&record)) return talk->pos;
    if (const auto* claim = std::get_if<ClaimRecord>(&record)) return claim->pos;
    if (const auto* limit = std::get_if<LimitRecord>(&record)) return limit->pos;
    if (const auto* visitor = std::get_if<VisitorRecord>(&record)) return visitor->id.value;
    return 0;  // a pointer has none
}

std::string at(Pos pos) { return " at pos " + std::to_string(pos); }

}  // namespace

Ledger::Ledger(const TenantState& configuration) {
    for (const Site& site : configuration.sites)
        sites_[site.id] = site.groups;
    for (const Agent& agent : configuration.agents) {
        agents_[agent.id] = agent.groups;
        for (const AgentChannel& channel : agent.channels)
            limits_[{agent.id, channel.channel}].max = channel.slots_max;
    }
}

std::optional<std::string> Ledger::read(std::vector<Record> records) {
    std::stable_sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
        return pos_of(a) < pos_of(b);
    });
    Broken broken;
    for (const Record& record : records) {
        const Pos pos = pos_of(record);
        if (pos != 0 && pos != ++head_) return "P2: a gap in the log" + at(pos);
        if (const auto* limit = std::get_if<LimitRecord>(&record))
            limits_[{limit->agent, limit->channel}].max = limit->slots_max;
        if (const auto* talk = std::get_if<ConversationRecord>(&record)) read(*talk);
        if (const auto* claim = std::get_if<ClaimRecord>(&record)) broken = read(*claim);
        if (const auto* entry = std::get_if<Entry>(&record)) broken = read(*entry);
        if (broken) return broken;
    }
    return std::nullopt;
}

void Ledger::read(const ConversationRecord& record) {
    conversations_[record.conversation.id] = record.conversation;
}

Ledger::Broken Ledger::read(const Entry& entry) {
    if (entry.seq != ++seqs_[entry.conversation]) return "P2: a gap in the seqs" + at(entry.pos);
    return std::nullopt;
}

Ledger::Broken Ledger::read(const ClaimRecord& claim) {
    Limit& limit = limits_[{claim.agent, claim.channel}];
    if (claim.to_pos) {
        --limit.used;
        if (claims_[claim.conversation] != claim.id)
            return "P4: another claim was open" + at(claim.pos);
        claims_.erase(claim.conversation);
        return std::nullopt;
    }
    if (!claims_.emplace(claim.conversation, claim.id).second)
        return "P4: a second agent" + at(claim.pos);
    if (++limit.used > limit.max) return "P5: above the limit" + at(claim.pos);
    const auto taken = conversations_.find(claim.conversation);
    if (taken == conversations_.end()) return "P4: no such conversation" + at(claim.pos);
    taken->second.state = ConversationState::active;
    if (waits_longer(taken->second, claim.agent))
        return "P10: a lower ticket waits" + at(claim.pos);
    return std::nullopt;
}

// Somebody whom the same agent could serve came before.
bool Ledger::waits_longer(const Conversation& taken, AgentId agent) const {
    return std::any_of(conversations_.begin(), conversations_.end(), [&](const auto& item) {
        const Conversation& other = item.second;
        return other.state == ConversationState::queued && other.channel == taken.channel &&
               other.ticket < taken.ticket && serves(agent, other.site);
    });
}

bool Ledger::serves(AgentId agent, SiteId site) const {
    const auto& groups = agents_.at(agent);
    const auto& wanted = sites_.at(site);
    return std::any_of(groups.begin(), groups.end(), [&](GroupId group) {
        return std::find(wanted.begin(), wanted.end(), group) != wanted.end();
    });
}

}  // namespace switchboard
