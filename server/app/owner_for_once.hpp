#pragma once

#include "app/config.hpp"
#include "domain/command.hpp"
#include "domain/reply.hpp"

namespace switchboard {

// Takes the command's tenant as a node of its own, carries the command out there and gives the
// tenant up again: how a command line changes a tenant without going round its log. While a running
// server has the tenant the answer is Refusal::unavailable, after some 10 s.
//
// Blocks. Throws std::exception with one line when the database does not do its part.
Reply own_for_once(const Config& config, Command command);

}  // namespace switchboard
