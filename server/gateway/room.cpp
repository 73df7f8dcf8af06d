#include "gateway/room.hpp"

#include <algorithm>

namespace switchboard {
namespace {

// After this an allowance is whole again, whatever was done.
constexpr std::chrono::seconds remembered{61};

}  // namespace

Room::Member& Room::join(Feed& feed) {
    auto& member = members_[feed.principal().public_id];
    member.feeds.push_back(&feed);
    ++connections_;
    return member;
}

void Room::leave(Feed& feed) {
    auto& feeds = members_.at(feed.principal().public_id).feeds;
    feeds.erase(std::find(feeds.begin(), feeds.end(), &feed));
    std::erase(watchers_, &feed);
    --connections_;
}

void Room::watch(Feed& feed) {
    if (std::ranges::find(watchers_, &feed) == watchers_.end()) watchers_.push_back(&feed);
}

void Room::show(const std::shared_ptr<const CarriedOut>& carried_out) {
    if (carried_out->has_gap) close_all(CloseCode::too_busy);
    for (const auto& publication : carried_out->publications) {
        const std::shared_ptr<const Publication> shared(carried_out, &publication);
        if (publication.watchers == Watchers::visitors) {
            show_to_visitors(shared);
        } else {
            show(shared);
        }
    }
}

void Room::show(const std::shared_ptr<const Publication>& publication) {
    Rendition rendition(*publication);
    for (const auto& person : publication->to) {
        const auto member = members_.find(person);
        if (member == members_.end()) continue;
        for (auto* feed : member->second.feeds)
            feed->show(publication, rendition);
    }
    if (publication->watchers == Watchers::none) return;
    for (auto* feed : watchers_) {
        const bool had_it = is_for(*publication, feed->principal().public_id);
        if (!had_it && feed->watches(*publication)) feed->show(publication, rendition);
    }
}

// To all of the site but those it names: they are shown something else, or nothing.
void Room::show_to_visitors(const std::shared_ptr<const Publication>& publication) {
    Rendition rendition(*publication);
    const auto& but = publication->to;
    for (auto& [person, member] : members_) {
        if (std::find(but.begin(), but.end(), person) != but.end()) continue;
        for (auto* feed : member.feeds) {
            const bool is_there = feed->site() && feed->site() == publication->site;
            if (is_there) feed->show(publication, rendition);
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

void Room::log_out(const PublicId& person, const std::optional<Digest>& login) {
    const auto member = members_.find(person);
    if (member == members_.end()) return;
    for (auto* feed : member->second.feeds) {
        if (!login || feed->login() == *login) feed->log_out();
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

void Rooms::watch(Feed& feed) { rooms_[feed.principal().tenant.value].watch(feed); }

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

void Rooms::log_out(TenantId tenant, const PublicId& person, const std::optional<Digest>& login) {
    const auto room = rooms_.find(tenant.value);
    if (room != rooms_.end()) room->second.log_out(person, login);
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
