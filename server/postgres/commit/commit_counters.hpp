#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>

namespace switchboard {

using Counter = std::atomic<std::uint64_t>;

// The errors of a batch alone, by the beginning of their SQLSTATE; the last takes all others.
inline constexpr std::array<std::string_view, 12> counted_sqlstates{
    "SB002", "SB003", "SB005", "23505", "23502", "23514", "22", "54", "40", "53", "55", ""};

// What became of the batches since the start. Written by the lanes, read by any thread.
struct CommitCounters {
    Counter statements;  // that PostgreSQL answered with outcomes
    Counter statement_microseconds;
    Counter batches;  // stored
    Counter entries;  // of stored batches
    Counter fenced;
    Counter locked;  // sent to wait for the lock alone
    Counter diverged;
    Counter duplicate;
    Counter refused;
    Counter split;                // statements of several that failed and were sent one by one
    Counter in_doubt;             // batches whose answer was lost
    Counter in_doubt_was_stored;  // ... and that were found stored,
    Counter in_doubt_was_not;     // ... or were stored by the repetition,
    Counter in_doubt_was_fenced;  // ... or belong to another owner now
    Counter in_doubt_was_wrong;   // ... or cannot be stored at all
    Counter cut;                  // connections cut for want of an answer
    std::array<Counter, counted_sqlstates.size()> errors{};  // by counted_sqlstates

    Counter& error(std::string_view sqlstate) {
        std::size_t i = 0;
        while (!sqlstate.starts_with(counted_sqlstates[i]))
            ++i;
        return errors[i];
    }
};

}  // namespace switchboard
