#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>

#include <optional>
#include <span>
#include <string>

#include "net/handlers.hpp"
#include "net/http.hpp"

// What a request's header must be before anybody acts on it. Pure; for http_connection.cpp.
namespace switchboard {

using RequestHead = boost::beast::http::request_header<>;

// The answer to a header that a proxy could read differently, or that nobody here serves; nothing
// when it is good.
std::optional<HttpResponse> objection_to(const RequestHead& head);

// The answer to an upgrade that cannot succeed whatever a handler says; nothing when it can.
std::optional<HttpResponse> objection_to_upgrade(const RequestHead& head);

// The first subprotocol the client offers that is ours; nullptr when there is none.
const Subprotocol* choose_subprotocol(const RequestHead& head, std::span<const Subprotocol> ours);

// A copy in our terms, without the body.
HttpRequest to_request(const RequestHead& head);

// The client as a trusted proxy saw it: the last hop of X-Forwarded-For, else the proxy itself.
boost::asio::ip::address forwarded_for(const RequestHead& head,
                                       const boost::asio::ip::address& proxy);

}  // namespace switchboard
