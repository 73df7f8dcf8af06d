#include "gateway/outbox.hpp"

#include <algorithm>

namespace switchboard {
namespace {

constexpr std::size_t kept_capacity_max = 4;     // of an empty outbox
constexpr std::size_t enclosing_bytes_max = 64;  // what a message adds to its frames

}  // namespace

void Outbox::push(Frame frame) { add({std::move(frame), false, false, {}}); }

void Outbox::push_latest(const LatestKey& key, Frame frame) {
    const auto older = std::find_if(waiting_.begin(), waiting_.end(), [&](const Waiting& each) {
        return each.is_latest && each.key == key;
    });
    if (older != waiting_.end()) remove(older);
    add({std::move(frame), false, true, key});
}

void Outbox::push_lossy(Frame frame) {
    if (is_behind() || waiting_.size() >= limits_.frames_max) return;
    add({std::move(frame), true, false, {}});
}

void Outbox::add(Waiting waiting) {
    if (closed_) return;
    const auto size = waiting.frame->size();
    const auto fits = [&] {  // One alone always does: it would be as long the next time.
        return waiting_.empty() ||
               (waiting_.size() < limits_.frames_max && bytes_ + size <= limits_.bytes_max);
    };
    if (!fits()) drop_lossy();
    if (!fits()) return close(CloseCode::too_slow);
    bytes_ += size;
    waiting_.push_back(std::move(waiting));
}

void Outbox::drop_lossy() {
    std::erase_if(waiting_, [&](const Waiting& each) {
        if (each.is_lossy) bytes_ -= each.frame->size();
        return each.is_lossy;
    });
}

void Outbox::remove(std::vector<Waiting>::iterator waiting) {
    bytes_ -= waiting->frame->size();
    waiting_.erase(waiting);
}

void Outbox::take(std::vector<Frame>& frames) {
    frames.clear();
    std::size_t message_bytes = enclosing_bytes_max;
    auto next = waiting_.begin();
    for (; next != waiting_.end(); ++next) {
        const auto size = next->frame->size() + 1;  // JSON puts a comma between
        if (message_bytes + size > message_bytes_max && !frames.empty()) break;
        message_bytes += size;
        bytes_ -= next->frame->size();
        frames.push_back(std::move(next->frame));
    }
    waiting_.erase(waiting_.begin(), next);
    if (waiting_.empty() && waiting_.capacity() > kept_capacity_max) waiting_ = {};
}

void Outbox::close(CloseCode why) {
    if (closed_) return;
    closed_ = why;
    if (why != CloseCode::too_slow) return;
    waiting_ = {};
    bytes_ = 0;
}

}  // namespace switchboard
