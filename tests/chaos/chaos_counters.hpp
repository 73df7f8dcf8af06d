#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string>
#include <sys/types.h>

namespace switchboard {

// What one owner process lived through. It lies in a file that judge and owners map, so it survives
// the kill of its owner.
struct ChaosCounters {
    std::atomic<std::uint64_t> batches, entries, statements, split;  // stored; sent
    std::atomic<std::uint64_t> in_doubt_was_stored, in_doubt_was_not, in_doubt_was_fenced;
    std::atomic<std::uint64_t> fenced, locked, duplicate, refused, over_limit, second_agent, cut;
    std::atomic<std::uint64_t> takeover, self_retake, released, enlisted_again;
};

inline constexpr std::size_t owner_runs_max = 1000;  // processes over one run

// The file with the counters of all owner processes; whoever opens it maps the same.
class SharedCounters {
public:
    explicit SharedCounters(const std::string& path);
    ~SharedCounters();
    SharedCounters(const SharedCounters&) = delete;
    SharedCounters& operator=(const SharedCounters&) = delete;

    ChaosCounters& of(std::size_t run) { return mapped_->at(run); }

    // Over all processes.
    std::uint64_t sum(std::atomic<std::uint64_t> ChaosCounters::*counter) const;

private:
    std::array<ChaosCounters, owner_runs_max>* mapped_;
};

}  // namespace switchboard
