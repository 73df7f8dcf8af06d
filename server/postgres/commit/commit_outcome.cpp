#include "postgres/commit/commit_outcome.hpp"

namespace switchboard {

Verdict verdict_of(std::string_view sqlstate) {
    if (sqlstate == "23505") return Verdict::look_up_ids;
    if (sqlstate == "23502" || sqlstate == "23514") return Verdict::refused;
    if (sqlstate.starts_with("22") || sqlstate.starts_with("54")) return Verdict::refused;
    // 21: one row twice in a batch; 23503: a group that is not there.
    if (sqlstate.starts_with("SB") || sqlstate.starts_with("21") || sqlstate == "23503")
        return Verdict::diverged;
    return Verdict::again;
}

}  // namespace switchboard
