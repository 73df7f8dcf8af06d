#include "simulation/ledger.hpp"

#include <algorithm>

namespace switchboard {
namespace {

struct PosOf {
    Pos operator()(const PointerRecord&) const { return 0; }  // has none
    Pos operator()(const VisitorRecord& visitor) const { return visitor.id.value; }
    Pos operator()(const auto& record) const { return record.pos; }
};

Pos pos_of(const Record& record) { return std::visit(PosOf{}, record); }

std::string at(Pos pos) { return " at pos " + std::to_string(pos); }

bool is_claimed(const Entry& entry) {
    return entry.kind == EntryKind::system &&
           entry.body.find(R"("code":"claimed")") != std::string::npos;
}

}  // namespace

Ledger::Ledger(const TenantState& configuration) : grace_(configuration.settings.agent_grace) {
    for (const Site& site : configuration.sites)
        sites_[site.id] = site.groups;
    for (const Agent& agent : configuration.agents) {
        agents_[agent.id] = agent.groups;
        totals_[agent.id].max = agent.total_max;
        for (const AgentChannel& channel : agent.channels)
            limits_[{agent.id, channel.channel}] = {channel.slots_max, channel.slots_hard_max, 0};
    }
}

std::optional<std::string> Ledger::read(std::vector<Record> records) {
    std::stable_sort(records.begin(), records.end(), [](const Record& a, const Record& b) {
        return pos_of(a) < pos_of(b);
    });
    by_hand_.clear();
    for (const Record& record : records) {
        const auto* entry = std::get_if<Entry>(&record);
        if (entry != nullptr && is_claimed(*entry)) by_hand_.insert(entry->conversation);
    }
    for (const Record& record : records) {
        const Pos pos = pos_of(record);
        if (pos != 0 && pos != ++head_) return "P2: a gap in the log" + at(pos);
        const auto read_it = [this](const auto& one) { return read(one); };
        if (auto broken = std::visit(read_it, record)) return broken;
    }
    return std::nullopt;
}

Ledger::Broken Ledger::read(const ConversationRecord& record) {
    const Conversation& conversation = record.conversation;
    const bool is_new = !conversations_.contains(conversation.id);
    const auto is_his = [&](const auto& block) { return block.second == conversation.visitor; };
    if (is_new && std::any_of(blocks_.begin(), blocks_.end(), is_his))
        return "P6: a blocked visitor got through" + at(record.pos);
    conversations_[conversation.id] = conversation;
    return std::nullopt;
}

Ledger::Broken Ledger::read(const Entry& entry) {
    if (entry.seq != ++seqs_[entry.conversation]) return "P2: a gap in the seqs" + at(entry.pos);
    const auto is_author = [&](const auto& block) { return person(block.second) == entry.author; };
    if (std::any_of(blocks_.begin(), blocks_.end(), is_author))
        return "P6: a blocked visitor was heard" + at(entry.pos);
    const auto talk = conversations_.find(entry.conversation);
    if (entry.author.kind == PersonKind::agent && entry.kind == EntryKind::text &&
        (talk == conversations_.end() || talk->second.agent.value != entry.author.id))
        return "P4: who is not assigned wrote" + at(entry.pos);
    return std::nullopt;
}

Ledger::Broken Ledger::read(const BlockRecord& record) {
    blocks_[record.block.id] = record.block.visitor;
    return std::nullopt;
}

Ledger::Broken Ledger::read(const LiftRecord& record) {
    blocks_.erase(record.block);
    return std::nullopt;
}

Ledger::Broken Ledger::read(const LimitRecord& record) {
    Limit& limit = limits_[{record.agent, record.channel}];
    limit.max = record.slots_max;
    limit.hard_max = record.slots_hard_max;
    return std::nullopt;
}

Ledger::Broken Ledger::read(const TotalLimitRecord& record) {
    totals_[record.agent].max = record.total_max;
    return std::nullopt;
}

Ledger::Broken Ledger::read(const AccountRecord& record) {
    agents_[record.account.id] = record.account.groups;
    return std::nullopt;
}

Ledger::Broken Ledger::read(const SiteRecord& record) {
    sites_[record.site.id] = record.site.groups;
    return std::nullopt;
}

// Who lost his last connection is reconnecting first, and red only after the grace time.
Ledger::Broken Ledger::read(const PresenceRecord& record) {
    Watched& watched = colours_[{record.agent, record.channel}];
    const bool was_reconnecting = watched.colour.reconnecting;
    const bool is_lost = record.colour.reason == Reason::not_connected;
    if (was_reconnecting && is_lost && !watched.lost_earlier &&
        record.at < watched.reconnecting_since + grace_)
        return "P7: lost before the grace time was over" + at(record.pos);
    if (record.colour.reconnecting && !was_reconnecting) {
        watched.reconnecting_since = record.at;
        for (const auto& [key, other] : colours_) {  // a channel may be added meanwhile
            if (key.first != record.agent || !other.colour.reconnecting) continue;
            watched.reconnecting_since = other.reconnecting_since;
            watched.lost_earlier = other.lost_earlier;
        }
    }
    if (!record.colour.reconnecting && !is_lost) watched.lost_earlier = false;
    watched.colour = record.colour;
    return std::nullopt;
}

void Ledger::rebuilt() {
    for (auto& [key, watched] : colours_)
        watched.lost_earlier = watched.lost_earlier || !watched.colour.reconnecting;
}

Ledger::Broken Ledger::read(const ClaimRecord& claim) {
    if (claim.admission != Admission::opened_earlier) return take(claim);
    if (!claim.to_pos && !claim.wrap_up_pos) return std::nullopt;
    if (claim.to_pos) {
        --limits_[{claim.agent, claim.channel}].used;
        --totals_[claim.agent].used;
        if (claim.wrap_up_pos) return std::nullopt;
    }
    if (claims_[claim.conversation] != claim.id)
        return "P4: another claim was open" + at(claim.pos);
    claims_.erase(claim.conversation);
    return std::nullopt;
}

Ledger::Broken Ledger::take(const ClaimRecord& claim) {
    if (!claims_.emplace(claim.conversation, claim.id).second)
        return "P4: a second agent" + at(claim.pos);
    Limit& limit = limits_[{claim.agent, claim.channel}];
    const bool returns = claim.admission == Admission::returning;
    if (++limit.used > (returns ? limit.hard_max : limit.max))
        return "P5: above the limit" + at(claim.pos);
    Total& total = totals_[claim.agent];
    if (++total.used > total.max && total.max != 0)
        return "P5: above the limit over all channels" + at(claim.pos);
    if (!is_in_turn(claim)) return "P10: a lower ticket waits" + at(claim.pos);
    Conversation& taken = conversations_.at(claim.conversation);
    taken.state = ConversationState::active;
    taken.agent = claim.agent;
    return std::nullopt;
}

// But for who takes one by hand, and who takes back his own.
bool Ledger::is_in_turn(const ClaimRecord& claim) const {
    const auto found = conversations_.find(claim.conversation);
    if (found == conversations_.end()) return false;
    const Conversation& taken = found->second;
    const bool own = taken.state == ConversationState::inactive && taken.agent == claim.agent;
    return own || by_hand_.contains(claim.conversation) || !waits_longer(taken, claim.agent);
}

// Somebody whom the same agent could serve came before.
bool Ledger::waits_longer(const Conversation& taken, AgentId agent) const {
    return std::any_of(conversations_.begin(), conversations_.end(), [&](const auto& item) {
        const Conversation& other = item.second;
        return other.id != taken.id && other.state == ConversationState::queued &&
               other.channel == taken.channel && other.ticket < taken.ticket &&
               serves(agent, other.site);
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
