#pragma once

#include <pqxx/pqxx>

#include "domain/tenant_state.hpp"

namespace switchboard {

// Of the tenant state.id what is configured and what is known of its people: settings, groups,
// sites, agents, blocks that were not lifted. Throws what libpqxx throws.
void load_configuration(pqxx::transaction_base& transaction, TenantState& state);

}  // namespace switchboard
