#pragma once

#include <type_traits>

#include "domain/errors.hpp"

namespace switchboard {

// Why auth/ says no. Deliberately few: what is wrong with a credential is nobody's business.
enum class AuthError {
    denied = 1,      // the credential is wrong, malformed, expired, used up or unknown
    busy,            // a queue of auth/ is full; nothing was checked
    too_many_tries,  // the account or the network must wait; nothing was checked
    unavailable,     // shutting down, or memory or the store failed; nothing is known
};

error_code make_error_code(AuthError error);

// What a client is told: denied is `unauthorized`, busy and too_many_tries are `rate_limited`, and
// every other error, a store's own included, is `unavailable`.
Refusal to_refusal(const error_code& error);

}  // namespace switchboard

template <>
struct boost::system::is_error_code_enum<switchboard::AuthError> : std::true_type {};
