#include "net/watch.hpp"

#include <algorithm>

namespace switchboard {
namespace {

// A round in slices, so that thousands of connections do not make one long pause.
constexpr int slices = 10;

}  // namespace

Watch::Watch(boost::asio::execution_context& context)
    : service(context),
      timer_(static_cast<boost::asio::io_context&>(context)),
      now_(std::chrono::steady_clock::now()) {}

void Watch::shutdown() { timer_.reset(); }

void Watch::add(Item& item, std::chrono::milliseconds round) {
    round_ = std::clamp(round, std::chrono::milliseconds(slices), round_);
    items_.push_back(item);
    if (!armed_) {
        now_ = std::chrono::steady_clock::now();
        arm();
    }
}

void Watch::arm() {
    armed_ = true;
    timer_->expires_after(round_ / slices);
    timer_->async_wait([this](const boost::system::error_code& ec) {
        if (!ec) look_at_a_slice();
    });
}

// Items looked at go to the back. look() may end a connection, not destroy it.
void Watch::look_at_a_slice() {
    now_ = std::chrono::steady_clock::now();
    const std::size_t count = (items_.size() + slices - 1) / slices;
    for (std::size_t i = 0; i < count && !items_.empty(); ++i) {
        Item& item = items_.front();
        items_.splice(items_.end(), items_, items_.begin());
        item.look(now_);
    }
    armed_ = !items_.empty();
    if (armed_) arm();
}

}  // namespace switchboard
