#pragma once

#include <boost/asio/io_context.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "gateway/room.hpp"

namespace switchboard {

// Which I/O threads have connections of a tenant: a bit for each. A thread writes its own bit
// alone; the loops of tenants read. Tenants share places, so that it is never too few threads, now
// and then too many.
class ThreadsOfTenants {
public:
    static constexpr std::size_t threads_max = 64;

    void add(TenantId tenant, std::size_t thread) { place_of(tenant).fetch_or(bit(thread)); }
    void remove(TenantId tenant, std::size_t thread) { place_of(tenant).fetch_and(~bit(thread)); }
    std::uint64_t of(TenantId tenant) const { return places_[index_of(tenant)].load(); }

    static std::size_t index_of(TenantId tenant) {
        return static_cast<std::uint64_t>(tenant.value) % places;
    }
    static std::uint64_t bit(std::size_t thread) { return std::uint64_t{1} << thread; }

    static constexpr std::size_t places = 4096;

private:
    std::atomic<std::uint64_t>& place_of(TenantId tenant) { return places_[index_of(tenant)]; }

    std::array<std::atomic<std::uint64_t>, places> places_{};
};

// Carries what tenants did to the connections of all I/O threads: one post to each that has some of
// the tenant, or is waited for by an answer. Made before the tenants; any thread.
class FanOut final : public Audience {
public:
    // The contexts must outlive it, and end before it goes.
    explicit FanOut(const std::vector<boost::asio::io_context*>& threads);

    void show(std::shared_ptr<const CarriedOut> carried_out) override;

    // The resumed session's older sockets, wherever they are in this process, are closed.
    void replace(TenantId tenant, const PublicId& person, const Connection& newer);

    // The person logged out of this session: his connections by it are closed, likewise. Without a
    // session all of his logins ended.
    void log_out(TenantId tenant,
                 const PublicId& person,
                 const std::optional<Digest>& login = std::nullopt);

    // On the thread itself: a connection comes, watches, and goes.
    Room::Member& join(std::size_t thread, Feed& feed);
    void watch(std::size_t thread, Feed& feed) { threads_[thread]->rooms.watch(feed); }
    void leave(std::size_t thread, Feed& feed, Time now);
    void sweep(std::size_t thread, Time now) { threads_[thread]->rooms.sweep(now); }

    std::size_t size() const { return threads_.size(); }
    boost::asio::io_context& context(std::size_t thread) { return *threads_[thread]->context; }

private:
    struct Thread {
        boost::asio::io_context* context = nullptr;
        Rooms rooms;
        std::array<std::uint32_t, ThreadsOfTenants::places> connections{};  // by place
    };

    void show_on(std::size_t thread, const std::shared_ptr<const CarriedOut>& carried_out);
    template <class Do>
    void post_to_threads_of(TenantId tenant, const Do& what);

    std::vector<std::unique_ptr<Thread>> threads_;
    ThreadsOfTenants tenants_;
};

}  // namespace switchboard
