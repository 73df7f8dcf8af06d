#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "cluster/owner_table.hpp"

namespace switchboard {

// The lease of this process as a rule over time, without a clock or a database: it is for liveness
// alone, safety is in the fenced commit (docs/decisions/0003). Times are boot times.
class LeaseRule {
public:
    static constexpr std::chrono::milliseconds renew_every{2000};
    static constexpr std::chrono::milliseconds held_for{4500};  // after a renewal was sent; TTL 6 s
    static constexpr std::chrono::milliseconds loops_silent_max{2000};
    static constexpr std::chrono::milliseconds writer_owes_max{5000};

    struct Health {
        std::chrono::nanoseconds loops_silent{0};  // since the slowest event loop ticked
        std::chrono::nanoseconds writer_owes{0};   // age of the oldest unanswered statement
    };

    // A process whose loops or writer hang must not keep its tenants from others (A22).
    static bool may_renew(const Health& health);

    // A renewal, or an enlistment, that was sent at this time succeeded.
    void renewed(std::chrono::nanoseconds sent_at);
    void enlisted(std::chrono::nanoseconds sent_at);

    // 0: may have run out. Any thread; renewed() and enlisted() are for one.
    std::int64_t term(std::chrono::nanoseconds now) const;

private:
    std::atomic<std::int64_t> term_{0};
    std::atomic<std::int64_t> held_until_ns_{0};
};

enum class LeaseNews {
    held,     // for the first time, or again
    late,     // a renewal failed, or was not asked for because of the health; still held
    run_out,  // nothing is answered until it is held again
};

// Keeps the lease alive, on a thread of its own: enlists at start and again whenever it was lost.
class LeaseKeeper {
public:
    struct Settings {
        std::optional<Incarnation> predecessor;
        std::function<LeaseRule::Health()> health;  // called on the keeper's thread, as is `tell`
        std::function<void(LeaseNews)> tell = [](LeaseNews) {};  // once per change
        std::chrono::milliseconds renew_every{LeaseRule::renew_every};
        std::chrono::milliseconds after_failure{200};  // so that it is soon held again
    };

    // `table` must outlive the keeper and is used by its thread alone.
    LeaseKeeper(LeaseTable& table, Settings settings);
    ~LeaseKeeper();  // lets the lease run out
    LeaseKeeper(const LeaseKeeper&) = delete;
    LeaseKeeper& operator=(const LeaseKeeper&) = delete;

    // See Ownership::term().
    std::int64_t term() const;

    // Blocks until the first enlistment succeeded; false when that takes longer.
    bool wait_until_held(std::chrono::milliseconds at_most);

    // How often the lease was lost.
    std::int64_t losses() const { return losses_; }

private:
    void run();
    bool step();
    bool enlist();
    bool renew();
    void tell(bool in_time);
    bool pause(std::chrono::milliseconds time);

    LeaseTable& table_;
    Settings settings_;
    LeaseRule rule_;
    bool enlisted_ = false;                // of the thread
    LeaseNews told_ = LeaseNews::run_out;  // of the thread
    std::atomic<std::int64_t> losses_{0};

    std::mutex mutex_;  // guards stopping_
    std::condition_variable changed_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace switchboard
