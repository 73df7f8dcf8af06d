#pragma once

#include <boost/asio/awaitable.hpp>

#include <functional>

#include "admin/login.hpp"
#include "domain/time.hpp"
#include "net/http.hpp"

namespace switchboard {

// What the API is made of. All must outlive it.
struct ApiParts {
    LoginSessions& logins;
    SocketTickets& tickets;
    std::function<Time()> now;  // the wall clock
    Login::LoggedOut logged_out{};
    // Answers every other path; when unset they are not found.
    std::function<boost::asio::awaitable<HttpResponse>(HttpRequest)> others{};
};

// Everything that is asked over HTTP on the clients' port: logging in (docs/api.md), the pages to
// try a conversation with, and what admin/rest answers. Paths are compared to the letter; another
// one is 404, another method 405 with Allow. HEAD goes where GET does.
//
// Any thread; the answer resumes on the caller's executor.
class Api {
public:
    explicit Api(const ApiParts& parts);

    // For net/, as Handlers::http.
    boost::asio::awaitable<HttpResponse> handle(HttpRequest request) const;

private:
    Login login_;
    std::function<boost::asio::awaitable<HttpResponse>(HttpRequest)> others_;
};

}  // namespace switchboard
