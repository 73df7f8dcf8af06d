#include "engine/work/pools.hpp"

#include <tuple>

namespace switchboard {

Pools::Pools(const std::vector<Site>& sites) {
    for (const Site& site : sites) {
        groups_of_[site.id] = site.groups;
        for (const GroupId group : site.groups)
            sites_of_[group].push_back(site.id);
    }
}

bool Pools::Free::operator<(const Free& other) const {
    const auto load = static_cast<std::int64_t>(used) * other.max;
    const auto other_load = static_cast<std::int64_t>(other.used) * max;
    return std::tie(load, idle_pos, agent) < std::tie(other_load, other.idle_pos, other.agent);
}

Pools::Free Pools::free_of(const Desk& desk, const Seat& seat) {
    return {seat.used, seat.limits.slots_max, desk.agent.idle_pos, desk.agent.id};
}

void Pools::put(const Desk& desk) {
    for (const auto& [channel, seat] : desk.seats) {
        if (!desk.is_assignable(channel)) continue;
        for (const GroupId group : desk.agent.groups)
            free_[{group, channel}].insert(free_of(desk, seat));
    }
}

void Pools::take_out(const Desk& desk) {
    for (const auto& [channel, seat] : desk.seats) {
        if (!desk.is_assignable(channel)) continue;
        for (const GroupId group : desk.agent.groups)
            free_[{group, channel}].erase(free_of(desk, seat));
    }
}

void Pools::add_waiting(const Conversation& conversation) {
    waiting_[{conversation.site, conversation.channel}][conversation.ticket] = conversation.id;
}

void Pools::remove_waiting(const Conversation& conversation) {
    const auto found = waiting_.find({conversation.site, conversation.channel});
    if (found == waiting_.end()) return;
    found->second.erase(conversation.ticket);
    if (found->second.empty()) waiting_.erase(found);
}

AgentId Pools::choose(SiteId site, Channel channel) const {
    const auto groups = groups_of_.find(site);
    if (groups == groups_of_.end()) return {};
    const Free* best = nullptr;
    for (const GroupId group : groups->second) {
        const auto pool = free_.find({group, channel});
        if (pool == free_.end() || pool->second.empty()) continue;
        const Free& first = *pool->second.begin();
        if (best == nullptr || first < *best) best = &first;
    }
    return best == nullptr ? AgentId{} : best->agent;
}

ConversationId Pools::next_waiting(const Desk& desk, Channel channel) const {
    Pos lowest = 0;
    ConversationId next;
    for (const GroupId group : desk.agent.groups) {
        const auto sites = sites_of_.find(group);
        if (sites == sites_of_.end()) continue;
        for (const SiteId site : sites->second) {
            const auto waiting = waiting_.find({site, channel});
            if (waiting == waiting_.end()) continue;
            const auto& [ticket, conversation] = *waiting->second.begin();
            if (lowest != 0 && ticket >= lowest) continue;
            lowest = ticket;
            next = conversation;
        }
    }
    return next;
}

std::size_t Pools::waiting() const {
    std::size_t count = 0;
    for (const auto& [key, conversations] : waiting_)
        count += conversations.size();
    return count;
}

}  // namespace switchboard
