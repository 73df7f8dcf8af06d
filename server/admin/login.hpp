#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>

#include "auth/login_sessions.hpp"
#include "auth/socket_tickets.hpp"
#include "domain/time.hpp"
#include "net/http.hpp"

namespace switchboard {

// How an agent's page logs in, and gets the ticket that opens its socket. See docs/api.md.
//
// The session is in a cookie that no script can read and no other host can set. What keeps other
// people's pages from using it: a request must declare application/json, which a browser sends
// across origins only after asking us (CORS), and we never agree; and the cookie is SameSite=Lax.
//
// Any thread.
class Login {
public:
    static constexpr std::size_t body_bytes_max = 16 << 10;

    // Told of a login that was ended by its own agent; any thread, must not block.
    using LoggedOut = std::function<void(const SignedIn&)>;

    // All must outlive it; `logged_out` may be empty.
    Login(LoginSessions& logins,
          SocketTickets& tickets,
          std::function<Time()> now,
          LoggedOut logged_out);

    // POST {"tenant","login","password"} -> 200 {"agent":{…},"ends_at"} and the cookie. Refused:
    // 400 the body is not exactly that, 401 whatever is wrong with it, 413, 415, 429 too many
    // tries or too many at once (Retry-After), 503.
    boost::asio::awaitable<HttpResponse> log_in(HttpRequest request) const;

    // POST {} -> 204 and the cookie's end, also when there was no session. 400, 413, 415, 503.
    boost::asio::awaitable<HttpResponse> log_out(HttpRequest request) const;

    // GET -> 200 as log_in, without a cookie. 401, 503.
    boost::asio::awaitable<HttpResponse> who_am_i(HttpRequest request) const;

    // POST {} -> 200 {"ticket"}: see SocketTickets. 400, 401, 413, 415, 429, 503.
    boost::asio::awaitable<HttpResponse> issue_ticket(HttpRequest request) const;

private:
    LoginSessions& logins_;
    SocketTickets& tickets_;
    std::function<Time()> now_;
    LoggedOut logged_out_;
};

}  // namespace switchboard
