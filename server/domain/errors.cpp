#include "domain/errors.hpp"

#include <array>

namespace switchboard {
namespace {

constexpr std::array<RefusalInfo, 19> infos{{
    {Refusal::invalid, "invalid", "a field is malformed", false, 400},
    {Refusal::unauthorized, "unauthorized", "the credentials are not valid", false, 401},
    {Refusal::forbidden, "forbidden", "this role may not do that", false, 403},
    {Refusal::not_found, "not_found", "there is no such thing here", false, 404},
    {Refusal::conversation_closed, "conversation_closed", "the conversation is closed", false, 409},
    {Refusal::already_open, "already_open", "a conversation is open on this channel", false, 409},
    {Refusal::id_conflict, "id_conflict", "this id was used for another content", false, 409},
    {Refusal::id_expired, "id_expired", "this id is older than messages are kept", false, 410},
    {Refusal::agent_full, "agent_full", "the agent has no free slot", true, 409},
    {Refusal::rate_limited, "rate_limited", "too many requests", true, 429},
    {Refusal::too_many_in_flight, "too_many_in_flight", "wait for answers first", true, 429},
    {Refusal::overloaded, "overloaded", "the server has too much to do", true, 503},
    {Refusal::unavailable, "unavailable", "not decided in time", true, 503},
    {Refusal::too_many_connections, "too_many_connections", "close another first", true, 429},
    {Refusal::nobody_available, "nobody_available", "nobody can serve now", true, 409},
    {Refusal::already_taken, "already_taken", "another agent has it", false, 409},
    {Refusal::wrong_state, "wrong_state", "the conversation's state does not allow it", false, 409},
    {Refusal::login_taken, "login_taken", "the login is in use", false, 409},
    {Refusal::version_mismatch, "version_mismatch", "it was changed meanwhile", false, 412},
}};

}  // namespace

const RefusalInfo& info(Refusal refusal) { return infos.at(static_cast<std::size_t>(refusal)); }

}  // namespace switchboard
