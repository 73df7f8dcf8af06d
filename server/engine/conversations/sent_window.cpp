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
    if (messages_.empty() || key > messages_.rbegin()->first) return nullptr;  // as most are
    const auto found = messages_.find(key);
    return found == messages_.end() ? nullptr : &found->second;
}

void SentWindow::add(SentMessage message) {
    const Key key{message.id, message.sender};
    messages_.emplace_hint(messages_.end(), key, std::move(message));  // ids mostly ascend
}

void SentWindow::trim() {
    while (messages_.size() > max_) {
        const auto& lowest = messages_.begin()->first.id;
        before_ = before_ ? std::max(*before_, lowest) : lowest;
        messages_.erase(messages_.begin());
    }
}

std::vector<SentMessage> SentWindow::messages() const {
    std::vector<SentMessage> all;
    for (const auto& [key, message] : messages_)
        all.push_back(message);
    return all;
}

}  // namespace switchboard
