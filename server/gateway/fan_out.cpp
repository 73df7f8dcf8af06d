#include "gateway/fan_out.hpp"

#include <boost/asio/post.hpp>

#include <stdexcept>

#include "domain/stop_point.hpp"

namespace switchboard {
namespace {

bool concerns_all(const CarriedOut& carried_out) {
    return carried_out.has_gap || !carried_out.publications.empty();
}

}  // namespace

FanOut::FanOut(const std::vector<boost::asio::io_context*>& threads) {
    if (threads.size() > ThreadsOfTenants::threads_max)
        throw std::invalid_argument("at most 64 I/O threads");
    for (auto* context : threads) {
        threads_.push_back(std::make_unique<Thread>());
        threads_.back()->context = context;
    }
}

void FanOut::show(std::shared_ptr<const CarriedOut> carried_out) {
    auto wanted = concerns_all(*carried_out) ? tenants_.of(carried_out->tenant) : 0;
    for (const auto& answer : carried_out->answers)
        wanted |= ThreadsOfTenants::bit(answer.to->thread);
    for (std::size_t thread = 0; thread < threads_.size(); ++thread) {
        if ((wanted & ThreadsOfTenants::bit(thread)) == 0) continue;
        // Posted even to this thread: the frames of a whole turn then wait in the outboxes when
        // their writers wake, and travel together.
        boost::asio::post(*threads_[thread]->context,
                          [this, thread, carried_out] { show_on(thread, carried_out); });
    }
}

void FanOut::show_on(std::size_t thread, const std::shared_ptr<const CarriedOut>& carried_out) {
    if (concerns_all(*carried_out)) threads_[thread]->rooms.show(carried_out);
    stop_point(StopPoint::published);
    for (const auto& answer : carried_out->answers) {
        if (answer.to->thread == thread) answer.to->receive(answer.id, answer.reply);
    }
}

// Has `what` done to the rooms of each thread that has connections of the tenant.
template <class Do>
void FanOut::post_to_threads_of(TenantId tenant, const Do& what) {
    const auto wanted = tenants_.of(tenant);
    for (std::size_t thread = 0; thread < threads_.size(); ++thread) {
        if ((wanted & ThreadsOfTenants::bit(thread)) == 0) continue;
        auto& rooms = threads_[thread]->rooms;
        boost::asio::post(*threads_[thread]->context, [&rooms, what] { what(rooms); });
    }
}

void FanOut::replace(TenantId tenant, const PublicId& person, const Connection& newer) {
    post_to_threads_of(tenant, [=](Rooms& rooms) { rooms.replace(tenant, person, newer); });
}

void FanOut::log_out(TenantId tenant, const PublicId& person, const std::optional<Digest>& login) {
    post_to_threads_of(tenant, [=](Rooms& rooms) { rooms.log_out(tenant, person, login); });
}

Room::Member& FanOut::join(std::size_t thread, Feed& feed) {
    auto& here = *threads_[thread];
    const auto tenant = feed.principal().tenant;
    if (here.connections[ThreadsOfTenants::index_of(tenant)]++ == 0) tenants_.add(tenant, thread);
    return here.rooms.join(feed);
}

void FanOut::leave(std::size_t thread, Feed& feed, Time now) {
    auto& here = *threads_[thread];
    const auto tenant = feed.principal().tenant;
    here.rooms.leave(feed, now);
    if (--here.connections[ThreadsOfTenants::index_of(tenant)] == 0)
        tenants_.remove(tenant, thread);
}

}  // namespace switchboard
