#pragma once

#include <boost/multi_index/member.hpp>
#include <boost/multi_index/ordered_index.hpp>
#include <boost/multi_index/sequenced_index.hpp>
#include <boost/multi_index_container.hpp>

#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "auth/login_sessions.hpp"

namespace switchboard {

// One-use tickets with which an agent's page opens its socket: a page cannot read the session
// cookie, and a cookie must not open a socket, since any site can make a browser send it.
//
// Kept in memory, so a ticket is good at the node that issued it. Any thread.
//
// Bounded: a session's sixth ticket replaces its oldest; when all are `tickets_max`, the expired
// go, and if none has, the newcomer is refused as busy.
class SocketTickets {
public:
    struct Settings {
        std::chrono::seconds life{30};
        std::size_t per_session_max = 5;
        std::size_t tickets_max = 10'000;  // each takes about 250 bytes
    };

    explicit SocketTickets(const Settings& settings) : settings_(settings) {}

    // A ticket for `bearer`: 43 characters. Error: busy.
    Result<std::string> issue(const SignedIn& bearer, Time now);

    // Who it was issued to; the second call with the same ticket is denied, as is any other text
    // and an expired one. The login may have ended since: LoginSessions::find tells.
    Result<SignedIn> redeem(std::string_view ticket, Time now);

    std::size_t size() const;  // the metric

private:
    struct Ticket {
        Digest digest;
        SignedIn bearer;
        Time expires_at;
    };
    struct SessionOf {
        using result_type = Digest;
        const Digest& operator()(const Ticket& ticket) const { return ticket.bearer.session; }
    };
    using Tickets = boost::multi_index_container<
        Ticket,
        boost::multi_index::indexed_by<
            boost::multi_index::ordered_unique<
                boost::multi_index::member<Ticket, Digest, &Ticket::digest>>,
            boost::multi_index::sequenced<>,  // oldest first
            boost::multi_index::ordered_non_unique<SessionOf>>>;

    void drop_expired(Time now);
    void drop_beyond_share(const Digest& session);

    Settings settings_;
    mutable std::mutex mutex_;
    Tickets tickets_;  // guarded by mutex_
};

}  // namespace switchboard
