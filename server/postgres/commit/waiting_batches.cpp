#include "postgres/commit/waiting_batches.hpp"

#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

namespace switchboard {
namespace asio = boost::asio;

WaitingBatch::WaitingBatch(const Batch& batch, Handler handler)
    : batch_(&batch),
      handler_(std::move(handler)),
      executor_(asio::prefer(handler_.get_executor(), asio::execution::outstanding_work.tracked)) {
    for (const Record& record : batch.records) {
        bytes_ += size_of(record);
        entries_ += std::holds_alternative<Entry>(record) ? 1 : 0;
    }
}

void WaitingBatch::doubt(const Backend& backend, CommitCounters& counters) {
    if (!was_in_doubt_) ++counters.in_doubt;
    was_in_doubt_ = true;
    doubts_.push_back(backend);
}

void WaitingBatch::decide(int outcome, CommitCounters& counters) {
    if (was_in_doubt_) {
        ++(outcome == 0   ? counters.in_doubt_was_not
           : outcome == 1 ? counters.in_doubt_was_stored
                          : counters.in_doubt_was_fenced);
    }
    if (outcome <= 1) {
        ++counters.batches;
        counters.entries += static_cast<std::uint64_t>(entries_);
        finish(Commit::stored);
    } else {
        ++counters.fenced;
        finish(Commit::fenced);
    }
}

void WaitingBatch::reject(Commit commit, CommitCounters& counters) {
    if (was_in_doubt_) ++counters.in_doubt_was_wrong;
    ++(commit == Commit::duplicate ? counters.duplicate
       : commit == Commit::refused ? counters.refused
                                   : counters.diverged);
    finish(commit);
}

void WaitingBatch::finish(Commit commit) {
    auto resume = [handler = std::move(handler_), commit]() mutable { handler(commit); };
    const auto executor = std::move(executor_);
    asio::post(executor, std::move(resume));
}

void WaitingBatches::push(WaitingBatch batch) {
    {
        const std::lock_guard lock(mutex_);
        if (!closed_) {
            waiting_.push_back(std::move(batch));
            changed_.notify_one();
            return;
        }
    }
    batch.stop();
}

std::vector<WaitingBatch> WaitingBatches::take(int records_max, std::size_t bytes_max) {
    std::vector<WaitingBatch> taken;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return closed_ || !waiting_.empty(); });
    int records = 0;
    std::size_t bytes = 0;
    while (!waiting_.empty()) {
        records += waiting_.front().records();
        bytes += waiting_.front().bytes();
        if (!taken.empty() && (records > records_max || bytes > bytes_max)) break;
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return taken;
}

void WaitingBatches::close() {
    std::deque<WaitingBatch> left;
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        left.swap(waiting_);
    }
    changed_.notify_all();
    for (WaitingBatch& batch : left)
        batch.stop();
}

bool WaitingBatches::is_closed() const {
    const std::lock_guard lock(mutex_);
    return closed_;
}

void WaitingBatches::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [&] { return closed_; });
}

}  // namespace switchboard
