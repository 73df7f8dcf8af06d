#include "postgres/tenant_log.hpp"

#include <algorithm>

#include "domain/text.hpp"
#include "postgres/commit/group_lane.hpp"
#include "postgres/commit/single_lane.hpp"

namespace switchboard {
namespace asio = boost::asio;
namespace {

// The planner's settings: see migrations/0004_commit_batches.sql. The lock is waited for less long
// than the watchdog waits for an answer, else a wait would look like a lost answer.
std::string writer_connection(const PostgresTenantLog::Settings& settings) {
    const auto lock_timeout = "lock_timeout=" + std::to_string(std::max<std::int64_t>(
                                                    settings.answer_within.count() / 3, 1));
    return connection_string(settings.connection,
                             to_text(settings.incarnation),
                             {"plan_cache_mode=force_generic_plan",
                              "enable_seqscan=off",
                              "enable_hashjoin=off",
                              "enable_mergejoin=off",
                              "jit=off",
                              "synchronous_commit=on",
                              "idle_in_transaction_session_timeout=2000",
                              lock_timeout});
}

}  // namespace

class PostgresTenantLog::Lanes {
public:
    explicit Lanes(const Settings& settings)
        : watchdog_(counters_.cut),
          single_(session(settings), counters_),
          group_(session(settings),
                 {settings.records_max, settings.bytes_max},
                 single_.waiting(),
                 counters_) {}
    ~Lanes() { stop(); }

    // The group lane hands on to the single lane, so it ends first.
    void stop() {
        group_.stop();
        single_.stop();
    }

    void commit(const Batch& batch, WaitingBatch::Handler handler) {
        group_.waiting().push(WaitingBatch(batch, std::move(handler)));
    }

    std::chrono::nanoseconds owed() const { return std::max(group_.owed(), single_.owed()); }
    const CommitCounters& counters() const { return counters_; }

private:
    std::unique_ptr<CommitSession> session(const Settings& settings) {
        return std::make_unique<CommitSession>(writer_connection(settings),
                                               to_text(settings.incarnation),
                                               watchdog_,
                                               settings.answer_within);
    }

    CommitCounters counters_;
    Watchdog watchdog_;
    SingleLane single_;
    GroupLane group_;
};

PostgresTenantLog::PostgresTenantLog(const Settings& settings)
    : lanes_(std::make_unique<Lanes>(settings)) {}

PostgresTenantLog::~PostgresTenantLog() = default;

asio::awaitable<Commit> PostgresTenantLog::commit(const Batch& batch) {
    auto start = [this, &batch](WaitingBatch::Handler handler) {
        lanes_->commit(batch, std::move(handler));
    };
    return asio::async_initiate<const asio::use_awaitable_t<>, void(Commit)>(start,
                                                                             asio::use_awaitable);
}

void PostgresTenantLog::stop() { lanes_->stop(); }

std::chrono::nanoseconds PostgresTenantLog::oldest_in_flight() const { return lanes_->owed(); }

const CommitCounters& PostgresTenantLog::counters() const { return lanes_->counters(); }

}  // namespace switchboard
