#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"

// What several handlers ask of a request's fields.
namespace switchboard {

inline constexpr std::string_view session_cookie = "__Host-switchboard";

// Whether the body is said to be JSON. Media types are compared whatever their case; a charset says
// nothing that JSON does not.
bool declares_json(const HttpRequest& request);

// The value of the session's cookie; empty when there is none. A browser sends each name once,
// since ours can be set for no other path and host.
std::string session_token(const HttpRequest& request);

}  // namespace switchboard
