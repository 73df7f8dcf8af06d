#include "engine/conversations/sent_window.hpp"

#include <algorithm>

namespace switchboard {

void SentWindow::restore(const TenantState& state) {
    max_ = state.sent_max;
    before_ = state.sent_before;
    for (const SentMessage& message : state.sent)
        add(message);
}

const SentMessage* SentWindow::find(const ClientMessageId& id, const Person& sender) const {
    const Key key{id, sender};
    if (messages_.empty() || Lower()(*messages_.rbegin(), key)) return nullptr;  // as most are
    const auto found = messages_.find(key);
    return found == messages_.end() ? nullptr : &*found;
}

void SentWindow::add(const SentMessage& message) {
    messages_.insert(messages_.end(), message);  // ids mostly ascend
}

void SentWindow::trim() {
    while (messages_.size() > max_) {
        const ClientMessageId& lowest = messages_.begin()->id;
        before_ = before_ ? std::max(*before_, lowest) : lowest;
        messages_.erase(messages_.begin());
    }
}

std::vector<SentMessage> SentWindow::messages() const {
    return {messages_.begin(), messages_.end()};
}

}  // namespace switchboard
