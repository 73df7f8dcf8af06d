#pragma once

#include <string>
#include <vector>

#include "domain/record.hpp"

namespace switchboard {

// What is stored of a tenant and no TenantState tells.
struct StoredHistory {
    std::vector<PresenceRecord> presence;      // ascending by pos
    std::vector<MissedRecord> missed;          // ascending by pos
    std::vector<LiftRecord> lifts;             // ascending by block
    std::vector<FormRecord> forms;             // ascending by conversation
    std::vector<RatingRecord> ratings;         // ascending by conversation
    std::vector<std::string> password_hashes;  // ascending by agent

    bool operator==(const StoredHistory&) const = default;
};

}  // namespace switchboard
