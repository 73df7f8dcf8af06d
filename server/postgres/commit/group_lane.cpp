#include "postgres/commit/group_lane.hpp"

namespace switchboard {
GroupLane::GroupLane(std::unique_ptr<CommitSession> session,
                     Limits limits,
                     WaitingBatches& single,
                     CommitCounters& counters)
    : session_(std::move(session)),
      limits_(limits),
      single_(single),
      counters_(counters),
      thread_([this] { run(); }) {}

void GroupLane::stop() {
    waiting_.close();
    if (thread_.joinable()) thread_.join();
}

void GroupLane::run() {
    for (;;) {
        auto group = waiting_.take(limits_.records_max, limits_.bytes_max);
        if (group.empty()) return;
        owed_since_.start();
        call_.clear();
        for (const WaitingBatch& batch : group)
            call_.add(batch.batch());
        carry(group);
        owed_since_.clear();
    }
}

void GroupLane::carry(std::vector<WaitingBatch>& group) {
    for (;;) {
        const auto sent_at = std::chrono::steady_clock::now();
        const CommitAnswer answer = session_->run(call_, false);
        switch (answer.kind) {
            case CommitAnswer::Kind::outcomes: {
                const auto took = std::chrono::steady_clock::now() - sent_at;
                const auto us = std::chrono::duration_cast<std::chrono::microseconds>(took);
                ++counters_.statements;
                counters_.statement_microseconds += static_cast<std::uint64_t>(us.count());
                owed_since_.clear();  // before those who wait hear of it
                return decide(group, answer.outcomes);
            }
            case CommitAnswer::Kind::error:
                if (group.size() > 1) ++counters_.split;
                for (WaitingBatch& batch : group)
                    single_.push(std::move(batch));
                return;
            case CommitAnswer::Kind::in_doubt:
                for (WaitingBatch& batch : group)
                    batch.doubt(session_->backend(), counters_);
                break;
            case CommitAnswer::Kind::unreachable:
                waiting_.pause(WaitingBatches::retry_after);
                break;
        }

        // Nobody reads the answers of a lost backend, so it may hang for ever; two are enough.
        while (group.front().doubts().size() >= 2 && !waiting_.is_closed()) {
            if (session_->end(group.front().doubts()).value_or(false)) {
                for (WaitingBatch& batch : group)
                    batch.end_doubts();
            } else {
                waiting_.pause(WaitingBatches::retry_after);
            }
        }
        if (waiting_.is_closed()) {
            for (WaitingBatch& batch : group)
                batch.stop();
            return;
        }
    }
}

void GroupLane::decide(std::vector<WaitingBatch>& group, const std::vector<int>& outcomes) {
    for (std::size_t i = 0; i < group.size(); ++i) {
        if (outcomes.at(i) <= 2) {
            group[i].decide(outcomes[i], counters_);
        } else {
            ++counters_.locked;
            single_.push(std::move(group[i]));
        }
    }
}

}  // namespace switchboard
