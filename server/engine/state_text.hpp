#pragma once

#include <string>

#include "engine/tenant_memory.hpp"

namespace switchboard {

// What the log says of an agent or a conversation beside a rule that it breaks: one line, ids and
// states alone, nothing that people wrote. Numbers are those of the enums of domain/.
std::string state_text(const Desk& desk);
std::string state_text(const OpenTalk& talk);

}  // namespace switchboard
