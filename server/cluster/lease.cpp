#include "cluster/lease.hpp"

#include "tenants/clock.hpp"

namespace switchboard {

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

LeaseKeeper::LeaseKeeper(LeaseTable& table, Settings settings)
    : table_(table), settings_(std::move(settings)), thread_([this] { run(); }) {}

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
    bool in_time = false;
    do {
        in_time = step();
        tell(in_time);
    } while (pause(in_time ? settings_.renew_every : settings_.after_failure));
}

bool LeaseKeeper::step() { return enlisted_ ? renew() : enlist(); }

bool LeaseKeeper::enlist() {
    const auto sent_at = boot_time();
    if (table_.enlist(settings_.predecessor).has_error()) return false;
    settings_.predecessor.reset();
    enlisted_ = true;
    rule_.enlisted(sent_at);
    const std::lock_guard lock(mutex_);
    changed_.notify_all();
    return true;
}

bool LeaseKeeper::renew() {
    const auto sent_at = boot_time();
    if (!LeaseRule::may_renew(settings_.health())) return false;
    const auto done = table_.renew();
    if (done.has_error()) return false;  // held until it runs out; renewed as soon as it can be
    enlisted_ = *done == Renewed::yes;
    if (enlisted_) {
        rule_.renewed(sent_at);
    } else {
        ++losses_;
    }
    return enlisted_;
}

void LeaseKeeper::tell(bool in_time) {
    const auto news = in_time       ? LeaseNews::held
                      : term() != 0 ? LeaseNews::late
                                    : LeaseNews::run_out;
    if (news == told_) return;
    told_ = news;
    settings_.tell(news);
}

bool LeaseKeeper::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, time, [this] { return stopping_; });
    return !stopping_;
}

}  // namespace switchboard
