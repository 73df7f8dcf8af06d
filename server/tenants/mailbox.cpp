#include "tenants/mailbox.hpp"

#include <algorithm>

namespace switchboard {

bool Mailbox::push(WaitingCommand& command) {
    const std::size_t bytes = size_of(command.command);
    const bool fits =
        commands_.size() < limits_.commands_max && bytes_ + bytes <= limits_.bytes_max;
    if (!fits && !is_disconnect(command)) return false;
    bytes_ += bytes;
    commands_.push_back(std::move(command));
    return true;
}

WaitingCommand Mailbox::pop() {
    WaitingCommand command = std::move(commands_.front());
    commands_.pop_front();
    bytes_ -= size_of(command.command);
    return command;
}

std::vector<WaitingCommand> Mailbox::take_expired(Time now) {
    std::vector<WaitingCommand> expired;
    if (const auto next = next_deadline(); !next || *next > now) return expired;
    std::deque<WaitingCommand> kept;
    for (WaitingCommand& command : commands_) {
        if (command.deadline > now || is_disconnect(command)) {
            kept.push_back(std::move(command));
            continue;
        }
        bytes_ -= size_of(command.command);
        expired.push_back(std::move(command));
    }
    commands_ = std::move(kept);
    return expired;
}

std::optional<Time> Mailbox::next_deadline() const {
    for (const WaitingCommand& command : commands_) {  // they arrive in the order of deadlines
        if (!is_disconnect(command)) return command.deadline;
    }
    return std::nullopt;
}

}  // namespace switchboard
