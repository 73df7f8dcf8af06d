#pragma once

#include <string_view>

namespace switchboard {

// What the error of a batch that was sent alone, with no earlier send in doubt, says about it.
enum class Verdict {
    again,       // nothing: the server was not able to, the same call may succeed
    refused,     // a value cannot be stored
    diverged,    // a record contradicts what is stored
    look_up_ids  // a unique index says no: `duplicate` if its client ids are stored, else diverged
};

Verdict verdict_of(std::string_view sqlstate);

}  // namespace switchboard
