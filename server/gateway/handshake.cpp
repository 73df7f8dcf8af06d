#include "gateway/handshake.hpp"

#include "auth/random.hpp"
#include "auth/visitor_token.hpp"

namespace switchboard {
namespace {

TurnedAway turn_away(Refusal refusal, CloseCode close) {
    TurnedAway away;
    away.why.reason = refusal;
    away.close = close;
    return away;
}

Connection connection_of(const Hello& hello, Time now) {
    Connection connection;
    connection.session = hello.resume ? hello.resume->session : random_bits<PublicId>();
    connection.generation = now.time_since_epoch().count();  // rises over all nodes
    return connection;
}

std::variant<Admitted, TurnedAway> judge_visitor(const Hello& hello,
                                                 const Door& door,
                                                 const KeyRing& keys,
                                                 Time now) {
    Admitted admitted;
    admitted.principal.tenant = door.tenant;
    admitted.principal.role = Role::visitor;
    admitted.principal.person.kind = PersonKind::visitor;
    bool needs_token = true;
    if (hello.token.empty()) {
        admitted.principal.public_id = random_bits<PublicId>();
    } else {
        const auto token = verify_visitor_token(keys, door.tenant, hello.token, now);
        if (!token) return turn_away(Refusal::unauthorized, CloseCode::bad_token);
        admitted.principal.public_id = token->visitor;
        needs_token = token->needs_new;
    }
    if (needs_token)
        admitted.token = mint_visitor_token(keys, door.tenant, admitted.principal.public_id, now);
    admitted.connection = connection_of(hello, now);
    return admitted;
}

std::variant<Admitted, TurnedAway> judge_agent(const Hello& hello,
                                               const Door& door,
                                               SocketTickets& tickets,
                                               Time now) {
    const auto bearer = tickets.redeem(hello.ticket, now);
    if (!bearer || bearer->principal.tenant != door.tenant)
        return turn_away(Refusal::unauthorized, CloseCode::bad_token);
    return Admitted{bearer->principal, connection_of(hello, now), {}, bearer->session};
}

}  // namespace

std::variant<Admitted, TurnedAway> judge_hello(const Hello& hello,
                                               const Door& door,
                                               const Credentials& credentials,
                                               Time now) {
    if (door.is_for_agents()) return judge_agent(hello, door, credentials.tickets, now);
    return judge_visitor(hello, door, credentials.keys, now);
}

CloseCode close_for(Refusal refusal) {
    switch (refusal) {
        case Refusal::unauthorized:
            return CloseCode::bad_token;
        case Refusal::forbidden:
        case Refusal::not_found:
            return CloseCode::forbidden;
        case Refusal::rate_limited:
        case Refusal::too_many_connections:
            return CloseCode::rate_limited;
        case Refusal::overloaded:
        case Refusal::unavailable:
            return CloseCode::too_busy;
        default:
            return CloseCode::bad_frame;
    }
}

std::chrono::milliseconds retry_after(Refusal refusal) {
    switch (refusal) {
        case Refusal::too_many_connections:
            return std::chrono::seconds(30);  // by then silent ones are found out
        case Refusal::overloaded:
            return std::chrono::seconds(1);
        case Refusal::unavailable:
            return std::chrono::milliseconds(500);
        default:
            return std::chrono::milliseconds(0);
    }
}

}  // namespace switchboard
