#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "admin/rest/call.hpp"

namespace switchboard {

// Who carries out an operation of the document, and what its caller must be allowed to do.
struct Route {
    std::string_view operation;
    std::optional<Action> action;  // none: anybody may, without a credential
    Handler handler = nullptr;
    std::optional<Action> own{};  // or this: then Call::own_only
};

// All there are, one for each operation.
std::span<const Route> routes();

}  // namespace switchboard
