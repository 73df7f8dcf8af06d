#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>

#include "net/handlers.hpp"
#include "net/net_stats.hpp"
#include "net/tcp.hpp"
#include "net/web_socket.hpp"

namespace switchboard {

// How a granted upgrade is carried out. All of it outlives the WebSocket.
struct Upgrading {
    const Subprotocol& subprotocol;
    const WebSocketLimits& limits;
    std::shared_ptr<NetStats> stats;
};

using UpgradeRequest = boost::beast::http::request<boost::beast::http::string_body>;

// Answers an upgrade request with 101 and the one subprotocol; between connection.cpp, which knows
// HTTP, and web_socket.cpp. An error when the request is no proper upgrade (Beast has answered it
// then) or the peer left.
boost::asio::awaitable<Result<WebSocket>> accept_web_socket(TcpSocket socket,
                                                            const UpgradeRequest& request,
                                                            Upgrading upgrading);

}  // namespace switchboard
