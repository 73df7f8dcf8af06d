#pragma once

#include <string>

#include "app/await_here.hpp"
#include "auth/password.hpp"

namespace switchboard {

// The hash of a password, for the command line; throws when there is no memory for it.
inline std::string hash_here(const std::string& password) {
    PasswordHasher hasher{PasswordHasher::Settings{}};
    return await_here(hasher.hash(password)).value();
}

}  // namespace switchboard
