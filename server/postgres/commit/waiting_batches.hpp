#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <vector>

#include "postgres/commit/commit_counters.hpp"
#include "postgres/commit/commit_session.hpp"

namespace switchboard {

// One commit() that waits for its outcome. It stays as it is, whatever happens to connections,
// until it is decided.
class WaitingBatch {
public:
    using Handler =
        boost::asio::async_result<boost::asio::use_awaitable_t<>, void(Commit)>::handler_type;

    WaitingBatch(const Batch& batch, Handler handler);

    const Batch& batch() const { return *batch_; }
    int records() const { return static_cast<int>(batch_->records.size()); }
    std::size_t bytes() const { return bytes_; }

    // The answer to what was sent to this backend is lost.
    void doubt(const Backend& backend, CommitCounters& counters);
    const std::vector<Backend>& doubts() const { return doubts_; }
    // Those backends are gone, and with them all that is not stored yet.
    void end_doubts() { doubts_.clear(); }

    // Decided: `outcome` as in migrations/0004_commit_batches.sql, 0 to 2.
    void decide(int outcome, CommitCounters& counters);
    // Decided by an error: it is not stored and will not be.
    void reject(Commit commit, CommitCounters& counters);
    // Not decided, but nobody goes on trying.
    void stop() { finish(Commit::stopped); }

private:
    void finish(Commit commit);

    const Batch* batch_;
    std::size_t bytes_ = 0;
    int entries_ = 0;
    bool was_in_doubt_ = false;
    std::vector<Backend> doubts_;  // may still store it; two at most
    Handler handler_;
    boost::asio::any_io_executor executor_;  // of the caller, kept running until he is answered
};

// What a lane has to do, in the order of arrival. Bounded by its callers: one batch per tenant.
// Any thread may push.
class WaitingBatches {
public:
    // Answers `stopped` at once when closed.
    void push(WaitingBatch batch);

    // Waits for work, then takes from the front what fits into these bounds, at least one batch.
    // Nothing when closed.
    std::vector<WaitingBatch> take(int records_max, std::size_t bytes_max);

    // No more work: what waits is answered with `stopped`, and the waits below end.
    void close();
    bool is_closed() const;

    // Waits, or until closed. A lane tries again after this.
    static constexpr std::chrono::milliseconds retry_after{20};
    void pause(std::chrono::milliseconds time);

private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<WaitingBatch> waiting_;
    bool closed_ = false;
};

}  // namespace switchboard
