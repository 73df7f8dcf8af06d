#pragma once

#include "domain/publication.hpp"
#include "engine/tenant_memory.hpp"

namespace switchboard {

// What people are shown, made from memory. Nothing here changes anything.

PersonView view_of(const Agent& agent);
PersonView view_of(const StoredVisitor& visitor);
PersonView visitor_of(const OpenTalk& talk);
PersonView agent_of(const OpenTalk& talk);  // id 0: nobody assigned

SummaryView summary_of(const OpenTalk& talk);
PresenceView presence_of(const TenantMemory& memory, const Desk& desk, Channel channel);

// The person of a pointer, by name.
PointerView pointer_of(const TenantMemory& memory, const OpenTalk& talk, const Pointer& pointer);

WelcomeView welcome_agent(const TenantMemory& memory, const Desk& desk);
WelcomeView welcome_visitor(const TenantMemory& memory, const StoredVisitor& visitor, SiteId site);

}  // namespace switchboard
