#include "postgres/commit/single_lane.hpp"

#include "postgres/commit/commit_outcome.hpp"

namespace switchboard {
namespace {

// Disk, memory or connections are used up, or the system fails: nobody's batch can be stored.
bool is_for_all(const std::string& sqlstate) {
    return sqlstate.starts_with("53") || sqlstate.starts_with("58");
}

}  // namespace

SingleLane::SingleLane(std::unique_ptr<CommitSession> session, CommitCounters& counters)
    : session_(std::move(session)), counters_(counters), thread_([this] { run(); }) {}

void SingleLane::stop() {
    waiting_.close();
    if (thread_.joinable()) thread_.join();
}

void SingleLane::run() {
    for (;;) {
        auto taken = waiting_.take(1, 1);
        if (taken.empty()) return;
        owed_since_.start();
        settle(std::move(taken.front()));
        owed_since_.clear();
    }
}

void SingleLane::settle(WaitingBatch batch) {
    call_.clear();
    call_.add(batch.batch());
    while (!waiting_.is_closed()) {
        if (batch.doubts().size() >= 2 && !end_doubts(batch)) return put_back(std::move(batch));
        const CommitAnswer answer = session_->run(call_, true);
        switch (answer.kind) {
            case CommitAnswer::Kind::outcomes:
                ++counters_.statements;
                failing_.clear();
                // Whoever waits for the lock is told 3 only when there is no such tenant.
                owed_since_.clear();  // before who waits hears of it
                return batch.decide(std::min(answer.outcomes.at(0), 2), counters_);
            case CommitAnswer::Kind::error:
                owed_since_.start();
                if (batch.doubts().empty()) return judge(std::move(batch), answer.sqlstate);
                if (!end_doubts(batch)) return put_back(std::move(batch));
                break;
            case CommitAnswer::Kind::in_doubt:
                batch.doubt(session_->backend(), counters_);
                break;
            case CommitAnswer::Kind::unreachable:
                waiting_.pause(WaitingBatches::retry_after);
                break;
        }
    }
    batch.stop();
}

// False: PostgreSQL says that one of them is still there.
bool SingleLane::end_doubts(WaitingBatch& batch) {
    while (!waiting_.is_closed()) {
        const auto ended = session_->end(batch.doubts());
        if (ended.value_or(false)) batch.end_doubts();
        if (ended) return *ended;
        waiting_.pause(WaitingBatches::retry_after);
    }
    return false;
}

void SingleLane::put_back(WaitingBatch batch) {
    waiting_.pause(WaitingBatches::retry_after);
    waiting_.push(std::move(batch));
}

void SingleLane::judge(WaitingBatch batch, const std::string& sqlstate) {
    ++counters_.error(sqlstate);
    switch (verdict_of(sqlstate)) {
        case Verdict::refused:
            return batch.reject(Commit::refused, counters_);
        case Verdict::diverged:
            return batch.reject(Commit::diverged, counters_);
        case Verdict::look_up_ids:
            if (const auto known = session_->knows_ids_of(batch.batch())) {
                return batch.reject(*known ? Commit::duplicate : Commit::diverged, counters_);
            }
            break;
        case Verdict::again:
            break;
    }
    if (is_for_all(sqlstate)) failing_.start_once();
    // A lock was waited for already; whatever else it is needs a moment to pass.
    if (sqlstate == "55P03") return waiting_.push(std::move(batch));
    put_back(std::move(batch));
}

}  // namespace switchboard
