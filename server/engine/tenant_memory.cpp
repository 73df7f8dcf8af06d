#include "engine/tenant_memory.hpp"

#include <algorithm>

namespace switchboard {
namespace {

void seat_claims(TenantMemory& memory, const TenantState& state) {
    for (const OpenClaim& claim : state.claims) {
        Desk* desk = memory.staff.find(claim.agent);
        OpenTalk* talk = memory.conversations.find(claim.conversation);
        if (desk == nullptr || talk == nullptr) continue;  // broken_rule() tells
        ++desk->seats[claim.channel].used;
        desk->conversations.insert(claim.conversation);
        talk->agent = claim.agent;
        talk->claim = claim.id;
    }
}

}  // namespace

TenantMemory::TenantMemory(const TenantState& state)
    : tenant(state.id),
      log_pos(state.log_pos),
      retention_days(state.retention_days),
      last_at(state.last_at),
      sites(state.sites),
      pools(state.sites) {
    for (const Agent& agent : state.agents)
        staff.add(agent);
    for (const OpenConversation& open : state.conversations) {
        const Conversation& conversation = open.conversation;
        visitors.hold({conversation.visitor, open.visitor, open.visitor_name});
        if (conversation.state == ConversationState::queued) pools.add_waiting(conversation);
        conversations.add({open, {}, {}});
    }
    seat_claims(*this, state);
    for (const auto& [id, desk] : staff.desks())
        pools.put(desk);
    sent.restore(state);
}

TenantState write_down(const TenantMemory& memory) {
    TenantState state;
    state.id = memory.tenant;
    state.log_pos = memory.log_pos;
    state.retention_days = memory.retention_days;
    state.last_at = memory.last_at;
    state.sites = memory.sites;
    for (const auto& [id, desk] : memory.staff.desks()) {
        Agent agent = desk.agent;
        for (const auto& [channel, seat] : desk.seats)
            agent.channels.push_back(seat.limits);
        state.agents.push_back(std::move(agent));
    }
    for (const auto& [id, talk] : memory.conversations.all()) {
        state.conversations.push_back(talk.open);
        if (!talk.agent) continue;
        const Conversation& conversation = talk.open.conversation;
        state.claims.push_back({talk.claim, talk.agent, conversation.id, conversation.channel});
    }
    std::sort(state.claims.begin(), state.claims.end(), [](const auto& a, const auto& b) {
        return a.id < b.id;
    });
    state.sent_max = memory.sent.max();
    SentWindow sent = memory.sent;
    sent.trim();
    state.sent = sent.messages();
    state.sent_before = sent.before();
    return state;
}

}  // namespace switchboard
