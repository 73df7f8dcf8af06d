#include "engine/conversations/pools.hpp"

#include <algorithm>
#include <optional>

namespace switchboard {
namespace {

bool is_there(const Desk& desk, const Seat& seat) {
    return desk.is_present() && desk.is_open(seat);
}

}  // namespace

Pools::Pools(const std::vector<Site>& sites) {
    for (const Site& site : sites)
        set_groups(site.id, site.groups);
}

void Pools::set_groups(SiteId site, const std::vector<GroupId>& groups) {
    for (const GroupId group : groups_of(site))
        std::erase(sites_of_[group], site);
    groups_of_[site] = groups;
    for (const GroupId group : groups)
        sites_of_[group].push_back(site);
}

bool Pools::Load::operator<(const Load& other) const {
    return static_cast<std::int64_t>(used) * other.max <
           static_cast<std::int64_t>(other.used) * max;
}

void Pools::put(const Desk& desk) {
    for (const auto& [channel, seat] : desk.seats) {
        if (!is_there(desk, seat)) continue;
        const bool free = desk.is_assignable(channel);
        for (const GroupId group : desk.agent.groups) {
            ++attended_[{group, channel}];
            if (!free) continue;
            auto& equals = free_[{group, channel}][load_of(seat)];
            equals.insert(equals.end(), idle_of(desk));
        }
    }
}

void Pools::take_out(const Desk& desk) {
    for (const auto& [channel, seat] : desk.seats) {
        if (!is_there(desk, seat)) continue;
        const bool free = desk.is_assignable(channel);
        for (const GroupId group : desk.agent.groups) {
            --attended_[{group, channel}];
            if (free) take_out(free_[{group, channel}], load_of(seat), idle_of(desk));
        }
    }
}

void Pools::take_out(Free& free, const Load& load, const Idle& who) {
    const auto found = free.find(load);
    if (found == free.end()) return;
    auto& equals = found->second;
    if (*equals.begin() == who) {
        equals.erase(equals.begin());
    } else {
        equals.erase(who);
    }
    if (equals.empty()) free.erase(found);
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

const std::vector<GroupId>& Pools::groups_of(SiteId site) const {
    static const std::vector<GroupId> none;
    const auto found = groups_of_.find(site);
    return found == groups_of_.end() ? none : found->second;
}

AgentId Pools::choose(WaitingClass wanted) const {
    std::optional<std::pair<Load, Idle>> best;
    for (const GroupId group : groups_of(wanted.first)) {
        const auto pool = free_.find({group, wanted.second});
        if (pool == free_.end() || pool->second.empty()) continue;
        const auto& [load, equals] = *pool->second.begin();
        const std::pair first{load, *equals.begin()};
        if (!best || first < *best) best = first;
    }
    return best ? best->second.second : AgentId{};
}

bool Pools::is_attended(WaitingClass wanted) const {
    const auto& groups = groups_of(wanted.first);
    return std::any_of(groups.begin(), groups.end(), [&](GroupId group) {
        const auto found = attended_.find({group, wanted.second});
        return found != attended_.end() && found->second > 0;
    });
}

bool Pools::serves(const Desk& desk, SiteId site) const {
    const auto& groups = groups_of(site);
    return std::any_of(desk.agent.groups.begin(), desk.agent.groups.end(), [&](GroupId group) {
        return std::find(groups.begin(), groups.end(), group) != groups.end();
    });
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

std::size_t Pools::waiting(WaitingClass wanted) const {
    const auto found = waiting_.find(wanted);
    return found == waiting_.end() ? 0 : found->second.size();
}

}  // namespace switchboard
