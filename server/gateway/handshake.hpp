#pragma once

#include <boost/asio/awaitable.hpp>

#include <variant>

#include "auth/key_ring.hpp"
#include "auth/socket_tickets.hpp"
#include "domain/command.hpp"
#include "domain/reply.hpp"
#include "gateway/site_directory.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {

// Whom a hello proves its sender to be.
struct Admitted {
    Principal principal;
    Connection connection;
    std::string token;  // for the visitor to keep; empty when his own is good enough
    Digest login{};     // an agent's login session
};

struct TurnedAway {
    Refused why;
    CloseCode close = CloseCode::bad_token;
};

struct Credentials {
    const KeyRing& keys;
    SocketTickets& tickets;
    LoginSessions& logins;
};

using Judgement = std::variant<Admitted, TurnedAway>;

// Judges a hello at a door. A visitor without a token is a new one and gets his id here; a ticket
// works once, and only while the login lasts that it was issued to. A resumed session keeps its id
// under a higher generation. Any thread; hello, door and credentials must outlive the call.
boost::asio::awaitable<Judgement> judge_hello(const Hello& hello,
                                              const Door& door,
                                              const Credentials& credentials,
                                              Time now);

// How the connection ends when the tenant refuses it.
CloseCode close_for(Refusal refusal);

// When the client may try again; 0: not known.
std::chrono::milliseconds retry_after(Refusal refusal);

}  // namespace switchboard
