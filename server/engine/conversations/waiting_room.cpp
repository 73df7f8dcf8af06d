#include "engine/conversations/waiting_room.hpp"

#include <algorithm>

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {
namespace {

constexpr std::chrono::seconds told_every{1};
constexpr std::size_t told_max = 500;  // places in one go

QueuePlaceView place(const TenantMemory& memory,
                     WaitingClass where,
                     const OpenTalk& talk,
                     int position) {
    QueuePlaceView view{talk.open.conversation.public_id, position, std::nullopt};
    const auto pace = memory.waiting_room.paces.find(where);
    if (pace != memory.waiting_room.paces.end() && pace->second.mean)
        view.expect = std::chrono::ceil<std::chrono::seconds>(*pace->second.mean * position);
    return view;
}

// False: there are more to be told than one go allows.
bool tell_places_of(TenantMemory& memory, Turn& turn, WaitingClass where, std::size_t& told) {
    const auto queue = memory.pools.waiting().find(where);
    if (queue == memory.pools.waiting().end()) return true;
    int position = 0;
    for (const auto& [ticket, id] : queue->second) {
        ++position;
        int& last = memory.waiting_room.places[id];
        if (last == position) continue;
        if (++told > told_max) return false;
        last = position;
        const OpenTalk& talk = *memory.conversations.find(id);
        Publication& publication = turn.publish();
        publication.to.push_back(talk.open.visitor);
        publication.what = place(memory, where, talk, position);
    }
    return true;
}

// One that is set stays: it cannot be later.
void tell_at(TenantMemory& memory, AlarmKind kind, Time now, Time told_at) {
    const AlarmKey key{kind, 0, {}};
    if (!memory.alarms.find(key)) memory.alarms.set(key, std::max(now, told_at + told_every));
}

}  // namespace

void stir(TenantMemory& memory, Time now) {
    const WaitingRoom& room = memory.waiting_room;
    if (!room.moved.empty()) tell_at(memory, AlarmKind::places, now, room.places_told_at);
    tell_at(memory, AlarmKind::availability, now, room.availability_told_at);
}

void tell_places(TenantMemory& memory, Turn& turn) {
    WaitingRoom& room = memory.waiting_room;
    room.places_told_at = turn.now();
    std::size_t told = 0;
    while (!room.moved.empty()) {
        const WaitingClass where = *room.moved.begin();
        if (!tell_places_of(memory, turn, where, told))
            return memory.alarms.set({AlarmKind::places, 0, {}}, turn.now() + told_every);
        room.moved.erase(where);
    }
}

void note_told(TenantMemory& memory, const WelcomeView& welcome) {
    auto& places = memory.waiting_room.places;
    for (const QueuePlaceView& place : welcome.places) {
        const auto told =
            places.find(memory.conversations.find(place.conversation)->open.conversation.id);
        if (told != places.end() && told->second != place.position) places.erase(told);
    }
    for (const AvailabilityView& availability : welcome.availability)
        note_told(memory, availability);
}

void note_told(TenantMemory& memory, const AvailabilityView& availability) {
    auto& answers = memory.waiting_room.answers;
    const auto told = answers.find({availability.site, availability.channel});
    if (told != answers.end() && told->second != availability.availability) answers.erase(told);
}

Availability availability_of(const TenantMemory& memory, WaitingClass wanted) {
    if (memory.pools.choose(wanted)) return Availability::yes;
    const SiteRule rule = rule_of(memory, wanted);
    if (rule.when_nobody_free == WhenNobodyFree::refuse) return Availability::no;
    const bool full = memory.pools.waiting(wanted) >= static_cast<std::size_t>(rule.waiting_max);
    return full ? Availability::no : Availability::queue;
}

void tell_availability(TenantMemory& memory, Turn& turn) {
    memory.waiting_room.availability_told_at = turn.now();
    for (const auto& [id, site] : memory.sites) {
        for (const Channel channel : availability_channels) {
            const WaitingClass wanted{id, channel};
            const Availability now = availability_of(memory, wanted);
            const auto [told, is_new] = memory.waiting_room.answers.try_emplace(wanted, now);
            if (!is_new && told->second == now) continue;
            told->second = now;
            Publication& publication = turn.publish();
            for (const auto& [block_id, block] : memory.blocks.all())
                publication.to.push_back(block.visitor_public_id);
            publication.watchers = Watchers::visitors;
            publication.site = id;
            publication.what = AvailabilityView{id, channel, now};
        }
    }
}

std::optional<QueuePlaceView> place_of(const TenantMemory& memory, const Conversation& waiting) {
    const WaitingClass where{waiting.site, waiting.channel};
    const auto queue = memory.pools.waiting().find(where);
    if (waiting.state != ConversationState::queued || queue == memory.pools.waiting().end())
        return std::nullopt;
    const auto found = queue->second.find(waiting.ticket);
    if (found == queue->second.end()) return std::nullopt;
    const auto position = 1 + std::distance(queue->second.begin(), found);
    return place(memory, where, *memory.conversations.find(waiting.id), static_cast<int>(position));
}

}  // namespace switchboard
