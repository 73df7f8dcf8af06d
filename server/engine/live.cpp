#include "engine/live.hpp"

#include <algorithm>

#include "engine/views.hpp"

namespace switchboard {
namespace {

void add_agents(LiveView& live, const TenantMemory& memory) {
    for (const auto& [id, desk] : memory.staff.desks()) {
        if (!desk.agent.enabled || desk.seats.empty()) continue;
        LiveView::AgentLine line{view_of(desk.agent), {}};
        for (const auto& [channel, seat] : desk.seats)
            line.presence.push_back(presence_of(memory, desk, channel));
        live.agents.push_back(std::move(line));
    }
}

void add_queue(LiveView& live, const TenantMemory& memory, const Principal& principal) {
    const bool is_agent = principal.role == Role::agent || principal.role == Role::bot;
    const Desk* desk = memory.staff.find(account_of(principal.person));
    for (const auto& [id, site] : memory.sites) {
        if (!is_agent || (desk != nullptr && memory.pools.serves(*desk, id)))
            live.sites.push_back(id);
    }
    std::map<Pos, ConversationId> by_ticket;
    for (const auto& [where, queue] : memory.pools.waiting()) {
        if (std::ranges::binary_search(live.sites, where.first))
            by_ticket.insert(queue.begin(), queue.end());
    }
    for (const auto& [ticket, id] : by_ticket)
        live.queue.push_back(summary_of(*memory.conversations.find(id)));
}

}  // namespace

void show_availability(const TenantMemory& memory,
                       Turn& turn,
                       const Asker& asker,
                       const ShowAvailability& command) {
    if (const auto refusal = authorize(asker.principal, Action::read_availability, nullptr))
        return turn.refuse(*refusal);
    const auto found = std::ranges::find_if(
        memory.sites, [&](const auto& each) { return each.second.key == command.site; });
    if (found == memory.sites.end()) return turn.refuse(Refusal::not_found, "site");
    SiteAvailability answer;
    for (const Channel channel : availability_channels) {
        const SiteId site = found->first;
        answer.channels.push_back({site, channel, availability_of(memory, {site, channel})});
    }
    turn.answer(std::move(answer));
}

void show_live(const TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const ShowLive& command) {
    for (const auto& [wanted, action] : {std::pair(command.agents, Action::watch_agents),
                                         std::pair(command.queue, Action::watch_queue)}) {
        if (!wanted) continue;
        if (const auto refusal = authorize(asker.principal, action, nullptr))
            return turn.refuse(*refusal);
    }
    LiveView live;
    if (command.agents) add_agents(live, memory);
    if (command.queue) add_queue(live, memory, asker.principal);
    turn.answer(std::move(live));
}

}  // namespace switchboard
