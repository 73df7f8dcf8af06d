#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "net/http.hpp"
#include "net/web_socket.hpp"

namespace switchboard {

struct HttpLimits {
    std::size_t header_bytes_max = 8 << 10;            // beyond: 431
    std::size_t body_bytes_max = 1 << 20;              // beyond: 413
    std::chrono::milliseconds header_timeout{5'000};   // a fifth of it while handshakes pile up
    std::chrono::milliseconds body_timeout{10'000};    // to receive the body
    std::chrono::milliseconds write_timeout{10'000};   // to send the response
    std::chrono::milliseconds silent_timeout{30'000};  // between requests of one connection
};

// A WebSocket subprotocol we speak.
struct Subprotocol {
    std::string name;   // as in Sec-WebSocket-Protocol
    bool text = false;  // its messages are text, else binary
};

// An upgrade that is granted: what runs on the connection until it returns. An exception that
// leaves it ends this one socket.
struct Granted {
    std::function<boost::asio::awaitable<void>(WebSocket)> run;
};

// What the upgrade handler says before anything is upgraded.
using UpgradeAnswer = std::variant<HttpResponse, Granted>;

// What a server does with its requests. Called on the thread of the connection; an exception that
// leaves a handler becomes a 500 and ends that connection. All must outlive the I/O threads.
struct Handlers {
    std::function<boost::asio::awaitable<HttpResponse>(HttpRequest)> http;

    // Decides from path, Origin, other fields and address; the subprotocol is one of
    // `subprotocols`, the first the client offered that we speak (none in common is answered 400
    // before). When unset, an upgrade is answered as the plain request it also is.
    std::function<boost::asio::awaitable<UpgradeAnswer>(HttpRequest, Subprotocol)> upgrade;
    std::vector<Subprotocol> subprotocols;

    // Told what() of an exception that left a handler. May be unset.
    std::function<void(std::string_view)> failed;
};

}  // namespace switchboard
