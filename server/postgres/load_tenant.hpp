#pragma once

#include <pqxx/pqxx>

#include <optional>

#include "domain/tenant_state.hpp"

namespace switchboard {

// The tenant as stored at one moment: reads everything an engine is rebuilt from in one snapshot.
// Nothing when there is no such tenant. Blocks; throws what libpqxx throws.
std::optional<TenantState> load_tenant(pqxx::connection& connection, TenantId tenant);

}  // namespace switchboard
