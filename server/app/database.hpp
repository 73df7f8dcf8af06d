#pragma once

#include "app/config.hpp"

namespace switchboard {

// What is done to the database from the command line. All say on standard output what they did and
// throw std::exception when it did not succeed.

// Brings the schema up to what this program needs.
void migrate_up(const Config& config);

// Says of each migration whether it is applied; returns the exit code, 0 when all are.
int print_migrations(const Config& config);

// Stores a tenant to try things out with, unless it is there, and prints how to log in to it. Its
// passwords are known to everybody: not for a database that others reach.
void seed_demo(const Config& config);

}  // namespace switchboard
