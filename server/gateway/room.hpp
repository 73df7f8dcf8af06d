#pragma once

#include <boost/container/small_vector.hpp>
#include <boost/unordered_map.hpp>

#include <deque>
#include <memory>

#include "gateway/allowance.hpp"
#include "gateway/feed.hpp"
#include "tenants/audience.hpp"

namespace switchboard {

// The connections of one tenant on one I/O thread, by person. A publication goes to every
// connection of the people it is for, and to those that watch what it is about; to each once: a
// plain loop, encoded once for all. One thread.
class Room {
public:
    // A person's part of the room, good while one of his connections is in it.
    struct Member {
        boost::container::small_vector<Feed*, 1> feeds;
        Allowance allowance;
    };

    Member& join(Feed& feed);
    void leave(Feed& feed);

    // From here on the feed is asked whether it watches a publication.
    void watch(Feed& feed);

    // The publications of one commit, in their order. After a gap everybody is sent away to come
    // back, and to be caught up like anybody who resumes.
    void show(const std::shared_ptr<const CarriedOut>& carried_out);

    // Closes the person's connection of the same session and a lower generation: a resumed session
    // replaces its old socket.
    void replace(const PublicId& person, const Connection& newer);

    // Closes the person's connections that came in by this login session, or by any.
    void log_out(const PublicId& person, const std::optional<Digest>& login);

    // Forgets a person who is not connected and whose allowance is whole again. False: not yet.
    bool forget(const PublicId& person, Time now);

    bool empty() const { return members_.empty(); }
    std::size_t connections() const { return connections_; }

private:
    void close_all(CloseCode why);
    void show(const std::shared_ptr<const Publication>& publication);
    void show_to_visitors(const std::shared_ptr<const Publication>& publication);

    boost::unordered_map<PublicId, Member, IdHash> members_;
    std::vector<Feed*> watchers_;  // each once; at most as many as there are connections
    std::size_t connections_ = 0;
};

// The rooms of one I/O thread, all tenants. One thread, but for `tenants_here`.
class Rooms {
public:
    Room::Member& join(Feed& feed);
    void leave(Feed& feed, Time now);

    void watch(Feed& feed);

    void show(const std::shared_ptr<const CarriedOut>& carried_out);
    void replace(TenantId tenant, const PublicId& person, const Connection& newer);
    void log_out(TenantId tenant, const PublicId& person, const std::optional<Digest>& login);

    // Forgets people who left a while ago; to be called now and then.
    void sweep(Time now);

    std::size_t connections_of(TenantId tenant) const;

private:
    struct Left {
        TenantId tenant;
        PublicId person;
        Time forget_at;
    };

    boost::unordered_map<std::int64_t, Room> rooms_;
    std::deque<Left> left_;  // oldest first
};

}  // namespace switchboard
