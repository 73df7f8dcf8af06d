#pragma once

#include <boost/system/result.hpp>

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace switchboard {

using error_code = boost::system::error_code;

// What a step that can fail in an expected way returns: the value, or why there is none. Not of
// bool, which is made of an error too, as false: an enum says which of the two it is.
template <class T>
requires(!std::is_same_v<T, bool>) using Result = boost::system::result<T>;

// Why a command was not carried out. Every refusal reaches its sender as one of these, in
// snake_case; the socket stays open. The table in errors.cpp has the rest.
enum class Refusal : std::uint8_t {
    invalid,               // a field is malformed, too long, or of the wrong kind
    unauthorized,          // the credentials are wrong, used up or expired
    forbidden,             // seen, but not allowed to this role
    not_found,             // unknown, or another's: the two look the same
    conversation_closed,   // it was closed before; nothing was stored
    already_open,          // the visitor has an open conversation on this channel
    id_conflict,           // the client message id names another content
    id_expired,            // the client message id is older than the tenant keeps messages
    agent_full,            // no slot is left
    rate_limited,          // too many in a time; see retry_after
    too_many_in_flight,    // more unanswered commands than the protocol allows
    overloaded,            // a queue is full; nothing was stored
    unavailable,           // not decided in time: ask again with the same client message id
    too_many_connections,  // of one person; the sixth is refused
    nobody_available,      // nobody is free and the visitor is not asked to wait
    already_taken,         // the conversation has an agent
    wrong_state,           // the conversation is not in a state that allows it
    login_taken,           // another account of the tenant has this login
    version_mismatch,      // it was changed since the asker saw it
};

// How a WebSocket ends. 4000-4499: the client may come back; 4500-4999: it must not by itself.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    illegal_frame = 1002,
    not_the_subprotocol = 1007,  // the bytes are not what the subprotocol says
    flood = 1008,
    too_big = 1009,
    our_fault = 1011,
    restarting = 1012,
    too_busy = 1013,
    bad_frame = 4400,  // decodes, but breaks the protocol
    too_slow = 4408,
    rate_limited = 4429,
    bad_token = 4500,
    forbidden = 4501,
    replaced = 4502,  // by a newer connection of the same session
};

struct RefusalInfo {
    Refusal refusal;
    std::string_view code;  // on the wire and in problem documents
    std::string_view text;  // for a developer
    bool retry;             // the same command may succeed later
    int http_status;
};

const RefusalInfo& info(Refusal refusal);

}  // namespace switchboard
