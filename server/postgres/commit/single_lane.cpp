#include "postgres/commit/single_lane.hpp"

#include "postgres/commit/commit_outcome.hpp"

namespace switchboard {
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
        const CommitAnswer answer = session_->run(call_, true);
        switch (answer.kind) {
            case CommitAnswer::Kind::outcomes:
                ++counters_.statements;
                // Whoever waits for the lock is told 3 only when there is no such tenant.
                owed_since_.clear();  // before who waits hears of it
                return batch.decide(std::min(answer.outcomes.at(0), 2), counters_);
            case CommitAnswer::Kind::error:
                owed_since_.start();
                if (batch.doubts().empty()) return judge(std::move(batch), answer.sqlstate);
                end_doubts(batch);
                break;
            case CommitAnswer::Kind::in_doubt:
                batch.doubt(session_->backend(), counters_);
                if (batch.doubts().size() >= 2) end_doubts(batch);
                break;
            case CommitAnswer::Kind::unreachable:
                waiting_.pause(WaitingBatches::retry_after);
                break;
        }
    }
    batch.stop();
}

void SingleLane::end_doubts(WaitingBatch& batch) {
    while (!waiting_.is_closed()) {
        if (session_->end(batch.doubts())) return batch.end_doubts();
        waiting_.pause(WaitingBatches::retry_after);
    }
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
    // A lock was waited for already; whatever else it is needs a moment to pass.
    if (sqlstate != "55P03") waiting_.pause(WaitingBatches::retry_after);
    waiting_.push(std::move(batch));
}

}  // namespace switchboard
