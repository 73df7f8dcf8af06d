#include "auth/socket_tickets.hpp"

#include "auth/opaque_token.hpp"

namespace switchboard {

Result<std::string> SocketTickets::issue(const SignedIn& bearer, Time now) {
    OpaqueToken token = mint_opaque_token();
    const std::lock_guard lock(mutex_);
    drop_expired(now);
    drop_beyond_share(bearer.session);
    if (tickets_.size() >= settings_.tickets_max) return AuthError::busy;
    tickets_.insert({token.digest, bearer, now + settings_.life});
    return std::move(token.text);
}

Result<SignedIn> SocketTickets::redeem(std::string_view ticket, Time now) {
    const auto digest = digest_of_token(ticket);
    if (!digest) return AuthError::denied;
    const std::lock_guard lock(mutex_);
    const auto found = tickets_.find(*digest);
    if (found == tickets_.end()) return AuthError::denied;
    Ticket used = *found;
    tickets_.erase(found);
    if (now >= used.expires_at) return AuthError::denied;
    return used.bearer;
}

std::size_t SocketTickets::size() const {
    const std::lock_guard lock(mutex_);
    return tickets_.size();
}

void SocketTickets::drop_expired(Time now) {
    auto& order = tickets_.get<1>();  // all live equally long: the oldest expires first
    while (!order.empty() && now >= order.front().expires_at)
        order.pop_front();
}

// Makes room for one more ticket of this session. Equal sessions stand in the order of issue.
void SocketTickets::drop_beyond_share(const Digest& session) {
    auto& sessions = tickets_.get<2>();
    if (sessions.count(session) >= settings_.per_session_max)
        sessions.erase(sessions.lower_bound(session));
}

}  // namespace switchboard
