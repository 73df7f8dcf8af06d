#pragma once

#include <thread>

#include "postgres/commit/owed_since.hpp"
#include "postgres/commit/waiting_batches.hpp"

namespace switchboard {

// Stores the batches of many tenants together: while a statement is in flight the next ones gather,
// without a timer. It never waits for a tenant, and it settles nothing but what is plain:
//
// - an outcome of 0 to 2 is the answer; a locked tenant (3) goes on to the single lane;
// - an error says that one batch of the statement is wrong, not which: all of them go on to the
//   single lane, unchanged;
// - a lost answer: the same statement again on a new connection, until it is answered.
class GroupLane {
public:
    struct Limits {
        int records_max = 200;
        std::size_t bytes_max = std::size_t{256} << 10;
    };

    // Both references must outlive the lane; `single` takes what has to go alone.
    GroupLane(std::unique_ptr<CommitSession> session,
              Limits limits,
              WaitingBatches& single,
              CommitCounters& counters);

    WaitingBatches& waiting() { return waiting_; }
    std::chrono::nanoseconds owed() const { return owed_since_.age(); }

    // Closes the queue and returns when the statement in flight was answered or cut.
    void stop();

private:
    void run();
    void carry(std::vector<WaitingBatch>& group);
    void decide(std::vector<WaitingBatch>& group, const std::vector<int>& outcomes);

    std::unique_ptr<CommitSession> session_;
    Limits limits_;
    WaitingBatches& single_;
    CommitCounters& counters_;
    CommitCall call_;
    WaitingBatches waiting_;
    OwedSince owed_since_;
    std::thread thread_;
};

}  // namespace switchboard
