#include "domain/authorize.hpp"

namespace switchboard {
namespace {

bool can_see(const Principal& principal, const ConversationAccess& object) {
    switch (principal.role) {
        case Role::visitor:
            return principal.person == person(object.visitor);
        case Role::agent:
        case Role::bot:
            return principal.person == person(object.agent);
        default:
            return false;
    }
}

bool may(Role role, Action action) {
    const bool agent = role == Role::agent || role == Role::bot;
    switch (action) {
        case Action::connect:
        case Action::read_conversation:
        case Action::send_text:
        case Action::close_conversation:
        case Action::report_progress:
        case Action::show_typing:
            return agent || role == Role::visitor;
        case Action::start_conversation:
            return role == Role::visitor;
        case Action::send_note:
            return agent;
        case Action::set_limits:
            return role == Role::manager || role == Role::admin || role == Role::account_owner;
    }
    return false;
}

}  // namespace

std::optional<Refusal> authorize(const Principal& principal,
                                 Action action,
                                 const ConversationAccess* object) {
    const bool foreign = object != nullptr && object->tenant != principal.tenant;
    if (foreign || (object != nullptr && !can_see(principal, *object))) return Refusal::not_found;
    if (!may(principal.role, action)) return Refusal::forbidden;
    return std::nullopt;
}

}  // namespace switchboard
