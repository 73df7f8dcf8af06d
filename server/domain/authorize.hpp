#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "domain/conversation.hpp"
#include "domain/errors.hpp"
#include "domain/principal.hpp"

namespace switchboard {

enum class Action : std::uint8_t {
    connect,
    start_conversation,
    read_conversation,
    send_text,
    send_note,
    close_conversation,
    report_progress,
    show_typing,
    set_limits,
    set_presence,   // the own
    direct_agents,  // the presence of others
    claim,          // takes a conversation that waits
    set_inactive,
    block,  // the visitor of a conversation
    block_anyone,
    lift_block,
    watch_agents,
    watch_queue,
    fill_form,
    rate,
    configure,
    // over HTTP alone
    read_configuration,  // agents, groups, sites, settings
    read_history,        // all conversations of the tenant, with their entries
    read_blocks,
    read_availability,  // of sites (S8)
    manage_keys,
    manage_tenants,
};

constexpr std::uint64_t bit(Action action) { return std::uint64_t{1} << static_cast<int>(action); }

// What an API key of a tenant can be given.
struct Scope {
    std::string_view name;      // as "blocks:read"; stored, so it never changes
    std::uint64_t actions = 0;  // see Principal
};
std::span<const Scope> scopes();

// Whether conversations may be assigned to an account of this role: whoever may talk in them.
bool may_serve(Role role);

// Whether `by` may give an account this role, or change one that has it: nobody raises anybody,
// himself included, above himself. Visitors, sites and operators have no accounts.
bool may_appoint(Role by, Role role);

// A conversation as permission sees it.
struct ConversationAccess {
    TenantId tenant;
    VisitorId visitor;
    AgentId agent;            // assigned now, or last when it is closed; 0: nobody ever was
    bool is_offered = false;  // it waits, and the asker is of a group that serves it
};

// Whether `principal` may do `action`, on `object` when the action is about a conversation. The one
// place that knows (docs/architecture.md, "Who may do what"). Another tenant's object, and one that
// the role cannot see, is not_found; one seen but not allowed is forbidden.
std::optional<Refusal> authorize(const Principal& principal,
                                 Action action,
                                 const ConversationAccess* object);

}  // namespace switchboard
