#pragma once

#include <boost/asio/awaitable.hpp>

#include "admin/rest/call.hpp"
#include "admin/rest/document.hpp"

namespace switchboard {

// What managers, site servers and operators ask over HTTP: each request is held against the
// document that is served at /v1/openapi.json, and its caller against authorize(), before one of
// admin/resources carries it out. See docs/api.md.
//
// Callers prove who they are by an API key (Authorization: Bearer sbk_…) or by the cookie of a
// login. What keeps other people's pages from using the cookie: what changes something either
// declares application/json or has a method that a browser asks leave for, and we never agree.
//
// Any thread; the answer resumes on the caller's executor.
class Rest {
public:
    static constexpr std::size_t body_bytes_max = 64 << 10;

    // Throws std::logic_error when the document and the routes are not the same.
    explicit Rest(const RestParts& parts);

    // Paths are compared to the letter: another one is 404, another method 405 with Allow.
    boost::asio::awaitable<HttpResponse> handle(HttpRequest request) const;

private:
    boost::asio::awaitable<ApiAnswer> answer(const HttpRequest& request,
                                             std::string request_id,
                                             RequestLimits::Standing& standing) const;
    boost::asio::awaitable<Result<Principal>> authenticate(const HttpRequest& request,
                                                           Time now) const;

    RestParts parts_;
};

}  // namespace switchboard
