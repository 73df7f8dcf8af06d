#include "domain/authorize.hpp"

#include <array>

namespace switchboard {
namespace {

bool can_see(const Principal& principal, const ConversationAccess& object) {
    switch (principal.role) {
        case Role::visitor:
            return principal.person == person(object.visitor);
        case Role::agent:
        case Role::bot:
            return object.is_offered ||
                   (object.agent && account_of(principal.person) == object.agent);
        case Role::viewer:
        case Role::manager:
        case Role::admin:
        case Role::account_owner:
        case Role::site:
            return true;
        case Role::operator_:
            break;
    }
    return false;
}

bool runs_the_account(Role role) { return role == Role::admin || role == Role::account_owner; }
bool directs(Role role) { return role == Role::manager || runs_the_account(role); }
bool talks(Role role) { return role == Role::agent || role == Role::bot; }
bool is_staff(Role role) { return talks(role) || directs(role); }

// What the agent of a conversation does in it, whoever is that; a manager may be by R8.
bool is_agents_part(Action action) {
    return action == Action::send_text || action == Action::send_note ||
           action == Action::report_progress || action == Action::show_typing;
}

bool may(Role role, Action action) {
    switch (action) {
        case Action::connect:
        case Action::read_conversation:
            return is_staff(role) || role == Role::viewer || role == Role::visitor;
        case Action::close_conversation:
        case Action::send_text:
        case Action::report_progress:
        case Action::show_typing:
            return is_staff(role) || role == Role::visitor;
        case Action::start_conversation:
        case Action::rate:
            return role == Role::visitor;
        case Action::send_note:
        case Action::set_presence:
        case Action::claim:
        case Action::set_inactive:
        case Action::block:
        case Action::watch_queue:
        case Action::fill_form:
            return is_staff(role);
        case Action::watch_agents:
        case Action::read_configuration:
        case Action::read_history:
        case Action::read_availability:
            return directs(role) || role == Role::viewer;
        case Action::set_limits:
        case Action::direct_agents:
        case Action::block_anyone:
        case Action::lift_block:
        case Action::read_blocks:
            return directs(role);
        case Action::configure:
            return runs_the_account(role) || role == Role::operator_;
        case Action::manage_keys:
            return runs_the_account(role);
        case Action::manage_tenants:
            return role == Role::operator_;
    }
    return false;
}

constexpr std::array<Scope, 9> known_scopes{{
    {"configuration:read", bit(Action::read_configuration)},
    {"configuration:write",
     bit(Action::read_configuration) | bit(Action::configure) | bit(Action::set_limits)},
    {"live:read",
     bit(Action::watch_agents) | bit(Action::watch_queue) | bit(Action::read_availability)},
    {"availability:read", bit(Action::read_availability)},
    {"presence:write", bit(Action::direct_agents)},
    {"conversations:read", bit(Action::read_history) | bit(Action::read_conversation)},
    {"conversations:close", bit(Action::close_conversation)},
    {"blocks:read", bit(Action::read_blocks)},
    {"blocks:write",
     bit(Action::read_blocks) | bit(Action::block) | bit(Action::block_anyone) |
         bit(Action::lift_block)},
}};

int rank(Role role) {
    switch (role) {
        case Role::account_owner:
        case Role::operator_:
            return 3;
        case Role::admin:
            return 2;
        case Role::manager:
        case Role::site:
            return 1;
        default:
            return 0;
    }
}

}  // namespace

std::span<const Scope> scopes() { return known_scopes; }

bool may_serve(Role role) { return is_staff(role); }

bool may_appoint(Role by, Role role) {
    const bool has_account = role != Role::visitor && role != Role::site && role != Role::operator_;
    return has_account && rank(by) >= rank(role);
}

std::optional<Refusal> authorize(const Principal& principal,
                                 Action action,
                                 const ConversationAccess* object) {
    const bool foreign = object != nullptr && object->tenant != principal.tenant;
    if (foreign || (object != nullptr && !can_see(principal, *object))) return Refusal::not_found;
    // An operator configures the tenant that he names; for himself he has none.
    if (principal.role == Role::operator_ && !principal.tenant && action != Action::manage_tenants)
        return Refusal::forbidden;
    const bool allowed = principal.role == Role::site ? (principal.actions & bit(action)) != 0
                                                      : may(principal.role, action);
    if (!allowed) return Refusal::forbidden;
    const bool is_its_agent =
        object == nullptr || (object->agent && account_of(principal.person) == object->agent);
    if (directs(principal.role) && is_agents_part(action) && !is_its_agent)
        return Refusal::forbidden;
    return std::nullopt;
}

}  // namespace switchboard
