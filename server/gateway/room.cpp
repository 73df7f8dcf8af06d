#include "gateway/room.hpp"

#include <cstring>

namespace switchboard {
namespace {

// After this an allowance is whole again, whatever was done.
constexpr std::chrono::seconds remembered{61};

}  // namespace

std::size_t PublicIdHash::operator()(const PublicId& id) const {
    std::size_t hash = 0;
    std::memcpy(&hash, id.bytes.data() + 8, sizeof hash);
    return hash;
}

Room::Member& Room::join(Feed& feed) {
    auto& member = members_[feed.principal().public_id];
    member.feeds.push_back(&feed);
    ++connections_;
    return member;
}

void Room::leave(Feed& feed) {
    auto& feeds = members_.at(feed.principal().public_id).feeds;
    feeds.erase(std::find(feeds.begin(), feeds.end(), &feed));
    --connections_;
}

void Room::show(const std::shared_ptr<const CarriedOut>& carried_out) {
    if (carried_out->has_gap) close_all(CloseCode::too_busy);
    for (const auto& publication : carried_out->publications) {
        const std::shared_ptr<const Publication> shared(carried_out, &publication);
        Rendition rendition(publication);
        for (const auto& person : publication.to) {
            const auto member = members_.find(person);
            if (member == members_.end()) continue;
            for (auto* feed : member->second.feeds)
                feed->show(shared, rendition);
        }
    }
}

void Room::close_all(CloseCode why) {
    for (auto& [person, member] : members_) {
        for (auto* feed : member.feeds)
            feed->close(why);
    }
}

void Room::replace(const PublicId& person, const Connection& newer) {
    const auto member = members_.find(person);
    if (member == members_.end()) return;
    for (auto* feed : member->second.feeds) {
        const auto& known = feed->connection();
        if (known.session == newer.session && known.generation < newer.generation)
            feed->close(CloseCode::replaced);
    }
}

bool Room::forget(const PublicId& person, Time now) {
    const auto member = members_.find(person);
    if (member == members_.end() || !member->second.feeds.empty()) return true;
    if (!member->second.allowance.is_idle(now)) return false;
    members_.erase(member);
    return true;
}

Room::Member& Rooms::join(Feed& feed) { return rooms_[feed.principal().tenant.value].join(feed); }

void Rooms::leave(Feed& feed, Time now) {
    const auto tenant = feed.principal().tenant;
    const auto person = feed.principal().public_id;
    auto& room = rooms_[tenant.value];
    room.leave(feed);
    if (!room.forget(person, now)) left_.push_back({tenant, person, now + remembered});
    if (room.empty()) rooms_.erase(tenant.value);
}

void Rooms::show(const std::shared_ptr<const CarriedOut>& carried_out) {
    const auto room = rooms_.find(carried_out->tenant.value);
    if (room != rooms_.end()) room->second.show(carried_out);
}

void Rooms::replace(TenantId tenant, const PublicId& person, const Connection& newer) {
    const auto room = rooms_.find(tenant.value);
    if (room != rooms_.end()) room->second.replace(person, newer);
}

void Rooms::sweep(Time now) {
    for (; !left_.empty() && left_.front().forget_at <= now; left_.pop_front()) {
        const auto& left = left_.front();
        const auto room = rooms_.find(left.tenant.value);
        if (room == rooms_.end()) continue;
        room->second.forget(left.person, now);
        if (room->second.empty()) rooms_.erase(room);
    }
}

std::size_t Rooms::connections_of(TenantId tenant) const {
    const auto room = rooms_.find(tenant.value);
    return room == rooms_.end() ? 0 : room->second.connections();
}

}  // namespace switchboard
