#pragma once

#include <pqxx/pqxx>

#include "support/stored_history.hpp"

namespace switchboard {

// What the tables of a PostgreSQL hold of the tenant and no port tells.
StoredHistory stored_history(pqxx::connection& connection, TenantId tenant);

}  // namespace switchboard
