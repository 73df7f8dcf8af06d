#pragma once

#include <algorithm>
#include <thread>

#include "postgres/commit/owed_since.hpp"
#include "postgres/commit/waiting_batches.hpp"

namespace switchboard {

// Stores one batch at a time and waits for its tenant's lock, at most lock_timeout: for tenants
// that were locked, and for the batches of a statement that failed. Here an error has an author:
//
// - 23505: `duplicate` when a client id of the batch is stored, else `diverged`;
// - SB…: `diverged`, what the engine knows and what is stored do not agree;
// - 22, 23502, 23514, 54: `refused`, a value cannot be stored;
// - any other decides nothing: the same again, after the others that wait here.
//
// A batch whose answer was lost is sent again, unchanged, until an outcome tells. An error tells
// nothing as long as a backend may still store what was sent earlier: the batch is judged only when
// that backend is gone. One that cannot be ended, as a process that stands still, keeps its own
// batch waiting, after the others, and nobody else.
class SingleLane {
public:
    // `counters` must outlive the lane.
    SingleLane(std::unique_ptr<CommitSession> session, CommitCounters& counters);

    WaitingBatches& waiting() { return waiting_; }
    // Since when PostgreSQL owes an answer, or stores nothing for want of disk or memory.
    std::chrono::nanoseconds owed() const { return std::max(owed_since_.age(), failing_.age()); }

    // Closes the queue and returns when the statement in flight was answered or cut.
    void stop();

private:
    void run();
    void settle(WaitingBatch batch);
    void judge(WaitingBatch batch, const std::string& sqlstate);
    void put_back(WaitingBatch batch);
    bool end_doubts(WaitingBatch& batch);

    std::unique_ptr<CommitSession> session_;
    CommitCounters& counters_;
    CommitCall call_;
    WaitingBatches waiting_;
    OwedSince owed_since_;
    OwedSince failing_;
    std::thread thread_;
};

}  // namespace switchboard
