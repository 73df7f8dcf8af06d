#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace switchboard {

// What the tables show at any moment, whoever writes meanwhile: each broken rule as a sentence.
std::vector<std::string> broken_now(const std::string& database);

struct ChaosVerdict {
    std::vector<std::string> broken;  // rules; the first few cases of each
    std::uint64_t acknowledged = 0;   // entries
    std::uint64_t stored = 0;
    std::uint64_t positions = 0;
};

// What the tables show after all owners have ended, against what these had been told: `folder` has
// their acks (chaos_owner.hpp).
ChaosVerdict check_history(const std::string& database, const std::string& folder);

}  // namespace switchboard
