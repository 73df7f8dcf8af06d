#include "gateway/pulse.hpp"

namespace switchboard {

void Pulse::add(Member& member) {
    member.slice_ = next_to_join_;
    next_to_join_ = (next_to_join_ + 1) % slices;
    auto& slice = slices_[member.slice_];
    member.index_ = slice.size();
    slice.push_back(&member);
    ++size_;
}

void Pulse::remove(Member& member) {
    auto& slice = slices_[member.slice_];
    slice[member.index_] = slice.back();
    slice[member.index_]->index_ = member.index_;
    slice.pop_back();
    --size_;
}

void Pulse::beat(Time now) {
    for (auto* member : slices_[next_to_beat_])
        member->tick(now);
    next_to_beat_ = (next_to_beat_ + 1) % slices;
}

}  // namespace switchboard
