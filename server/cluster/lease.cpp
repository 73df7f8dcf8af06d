#include "cluster/lease.hpp"

#include "tenants/clock.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr auto pause_after_failure = 200ms;

}  // namespace

bool LeaseRule::may_renew(const Health& health) {
    return health.loops_silent < loops_silent_max && health.writer_owes < writer_owes_max;
}

void LeaseRule::renewed(std::chrono::nanoseconds sent_at) {
    held_until_ns_ = (sent_at + std::chrono::nanoseconds(held_for)).count();
}

void LeaseRule::enlisted(std::chrono::nanoseconds sent_at) {
    ++term_;  // first: whoever sees the new time must see the new term
    renewed(sent_at);
}

std::int64_t LeaseRule::term(std::chrono::nanoseconds now) const {
    const bool held = now.count() < held_until_ns_;
    return held ? term_.load() : 0;
}

LeaseKeeper::LeaseKeeper(LeaseTable& table,
                         std::optional<Incarnation> predecessor,
                         std::function<LeaseRule::Health()> health)
    : table_(table),
      predecessor_(predecessor),
      health_(std::move(health)),
      thread_([this] { run(); }) {}

LeaseKeeper::~LeaseKeeper() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

std::int64_t LeaseKeeper::term() const { return rule_.term(boot_time()); }

bool LeaseKeeper::wait_until_held(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, at_most, [this] { return term() != 0; });
}

void LeaseKeeper::run() {
    do {
        step();
    } while (pause(enlisted_ ? std::chrono::milliseconds(LeaseRule::renew_every)
                             : std::chrono::milliseconds(pause_after_failure)));
}

void LeaseKeeper::step() {
    const auto sent_at = boot_time();
    if (!enlisted_) {
        const auto done = table_.enlist(predecessor_);
        if (done.has_error()) return;
        predecessor_.reset();
        enlisted_ = true;
        rule_.enlisted(sent_at);
        const std::lock_guard lock(mutex_);
        changed_.notify_all();
        return;
    }
    if (!LeaseRule::may_renew(health_())) return;
    const auto done = table_.renew();
    if (done.has_error()) return;  // held until it runs out; renewed as soon as it can be
    if (*done == Renewed::yes) return rule_.renewed(sent_at);
    enlisted_ = false;
    ++losses_;
}

bool LeaseKeeper::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return stopping_; });
    return !stopping_;
}

}  // namespace switchboard
