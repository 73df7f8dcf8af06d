#include "engine/tenant_memory.hpp"

#include <algorithm>

namespace switchboard {
namespace {

void seat_claims(TenantMemory& memory, const TenantState& state) {
    for (const OpenClaim& claim : state.claims) {
        Desk* desk = memory.staff.find(claim.agent);
        if (desk == nullptr) continue;  // broken_rule() tells
        Seat& seat = desk->seats[claim.channel];
        if (claim.wrap_up_until) {
            ++seat.used;
            ++seat.wrapping_up;
            desk->wrap_ups[claim.id] = {claim.conversation,
                                        claim.channel,
                                        claim.wrap_up_pos.value_or(0),
                                        *claim.wrap_up_until};
            continue;
        }
        ++seat.used;
        OpenTalk* talk = memory.conversations.find(claim.conversation);
        if (talk == nullptr) continue;  // the store counts it: broken_rule() tells
        talk->claim = claim.id;
    }
}

// All that a conversation needs in memory but for its claim.
void place(TenantMemory& memory, const OpenConversation& open) {
    const Conversation& conversation = open.conversation;
    memory.visitors.begin_talk({conversation.visitor, open.visitor, open.visitor_name},
                               conversation.channel,
                               conversation.id);
    if (conversation.state == ConversationState::queued) memory.pools.add_waiting(conversation);
    OpenTalk& talk = memory.conversations.add({open});
    talk.desk = memory.staff.find(conversation.agent);
    if (talk.desk != nullptr) talk.desk->conversations.insert(conversation.id);
}

std::vector<OpenClaim> claims_of(const TenantMemory& memory) {
    std::vector<OpenClaim> claims;
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk->open.conversation;
        if (talk->claim)
            claims.push_back(
                {talk->claim, talk->agent(), conversation.id, conversation.channel, {}, {}});
    }
    for (const auto& [id, desk] : memory.staff.desks()) {
        for (const auto& [claim, wrap_up] : desk.wrap_ups)
            claims.push_back(
                {claim, id, wrap_up.conversation, wrap_up.channel, wrap_up.pos, wrap_up.until});
    }
    std::ranges::sort(claims, {}, &OpenClaim::id);
    return claims;
}

}  // namespace

TenantMemory::TenantMemory(const TenantState& state)
    : tenant(state.id),
      log_pos(state.log_pos),
      retention_days(state.retention_days),
      last_at(state.last_at),
      settings(state.settings),
      pools(state.sites) {
    for (const Group& group : state.groups)
        groups[group.id] = group;
    for (const Site& site : state.sites)
        sites[site.id] = site;
    for (const Agent& agent : state.agents)
        staff.add(agent);
    for (const OpenConversation& open : state.conversations)
        place(*this, open);
    seat_claims(*this, state);
    for (const auto& [id, desk] : staff.desks())
        pools.put(desk);
    for (const Block& block : state.blocks)
        blocks.add(block);
    sent.restore(state);
}

SiteRule rule_of(const TenantMemory& memory, WaitingClass wanted) {
    SiteRule rule;
    rule.channel = wanted.second;
    const auto site = memory.sites.find(wanted.first);
    if (site == memory.sites.end()) return rule;
    for (const SiteRule& known : site->second.rules) {
        if (known.channel == wanted.second) rule = known;
    }
    return rule;
}

std::optional<Time> next_alarm(const TenantMemory& memory) {
    const auto one = memory.alarms.next();
    const auto other = memory.conversations.next_alarm();
    if (one && other) return std::min(one->first, other->first);
    if (one || other) return (one ? one : other)->first;
    return std::nullopt;
}

std::optional<AlarmKey> take_due(TenantMemory& memory, Time now) {
    const auto next = memory.alarms.next();
    const auto of_talks = memory.conversations.next_alarm();
    const bool talks_first = of_talks && (!next || *of_talks < *next);
    return talks_first ? memory.conversations.take_due(now) : memory.alarms.take_due(now);
}

TenantState write_down(const TenantMemory& memory) {
    TenantState state;
    state.id = memory.tenant;
    state.log_pos = memory.log_pos;
    state.retention_days = memory.retention_days;
    state.last_at = memory.last_at;
    state.settings = memory.settings;
    for (const auto& [id, group] : memory.groups)
        state.groups.push_back(group);
    for (const auto& [id, site] : memory.sites)
        state.sites.push_back(site);
    for (const auto& [id, desk] : memory.staff.desks())
        state.agents.push_back(written_down(desk));
    for (const OpenTalk* talk : memory.conversations.in_order())
        state.conversations.push_back(talk->open);
    state.claims = claims_of(memory);
    for (const auto& [id, block] : memory.blocks.all())
        state.blocks.push_back(block);
    state.sent_max = memory.sent.max();
    SentWindow sent = memory.sent;
    sent.trim();
    state.sent = sent.messages();
    state.sent_before = sent.before();
    return state;
}

}  // namespace switchboard
