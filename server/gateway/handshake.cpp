#include "gateway/handshake.hpp"

#include "auth/random.hpp"
#include "auth/visitor_token.hpp"

namespace switchboard {
namespace {

TurnedAway turn_away(Refusal refusal) {
    TurnedAway away;
    away.why.reason = refusal;
    away.close = close_for(refusal);
    return away;
}

Connection connection_of(const Hello& hello, Time now) {
    Connection connection;
    connection.session = hello.resume ? hello.resume->session : random_bits<PublicId>();
    connection.generation = now.time_since_epoch().count();  // rises over all nodes
    return connection;
}

Judgement judge_visitor(const Hello& hello, const Door& door, const KeyRing& keys, Time now) {
    Admitted admitted;
    admitted.principal.tenant = door.tenant;
    admitted.principal.role = Role::visitor;
    admitted.principal.person.kind = PersonKind::visitor;
    bool needs_token = true;
    if (hello.token.empty()) {
        admitted.principal.public_id = random_bits<PublicId>();
    } else {
        const auto token = verify_visitor_token(keys, door.tenant, hello.token, now);
        if (!token) return turn_away(Refusal::unauthorized);
        admitted.principal.public_id = token->visitor;
        needs_token = token->needs_new;
    }
    if (needs_token)
        admitted.token = mint_visitor_token(keys, door.tenant, admitted.principal.public_id, now);
    admitted.connection = connection_of(hello, now);
    return admitted;
}

boost::asio::awaitable<Judgement> judge_agent(const Hello& hello,
                                              const Door& door,
                                              const Credentials& credentials,
                                              Time now) {
    const auto bearer = credentials.tickets.redeem(hello.ticket, now);
    if (!bearer || bearer->principal.tenant != door.tenant)
        co_return turn_away(Refusal::unauthorized);
    const auto login = co_await credentials.logins.find(bearer->session, now);
    if (!login) co_return turn_away(to_refusal(login.error()));
    co_return Admitted{login->principal, connection_of(hello, now), {}, bearer->session};
}

}  // namespace

boost::asio::awaitable<Judgement> judge_hello(const Hello& hello,
                                              const Door& door,
                                              const Credentials& credentials,
                                              Time now) {
    if (!door.is_for_agents()) co_return judge_visitor(hello, door, credentials.keys, now);
    co_return co_await judge_agent(hello, door, credentials, now);
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
