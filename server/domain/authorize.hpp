#pragma once

#include <optional>

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
};

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
