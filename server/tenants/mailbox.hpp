#pragma once

#include <deque>
#include <optional>

#include "domain/command.hpp"
#include "tenants/audience.hpp"

namespace switchboard {

// A command on its way through the tenant's loop.
struct WaitingCommand {
    Command command;
    std::shared_ptr<ReplyReceiver> to;  // null: nobody waits
    std::uint32_t id = 0;               // of the command, the receiver's own
    Time deadline{};                    // by then it is told
    bool told = false;                  // refused, while it may yet be stored
};

// Commands of one tenant that were not looked at yet, oldest first. Bounded: what does not fit is
// refused. A Disconnect always fits and never expires, or a ghost would stay online; there is at
// most one per socket.
class Mailbox {
public:
    struct Limits {
        std::size_t commands_max = 2048;
        std::size_t bytes_max = 4 << 20;
    };

    explicit Mailbox(Limits limits) : limits_(limits) {}

    // False: full, the command was not taken.
    bool push(WaitingCommand& command);

    bool empty() const { return commands_.empty(); }
    std::size_t size() const { return commands_.size(); }
    std::size_t bytes() const { return bytes_; }
    const WaitingCommand& operator[](std::size_t i) const { return commands_[i]; }

    // Undefined when empty.
    WaitingCommand pop();

    // Takes out those whose deadline has come; they were not carried out.
    std::vector<WaitingCommand> take_expired(Time now);

    // No deadline before this; nothing when no command has one.
    std::optional<Time> next_deadline() const;

private:
    Limits limits_;
    std::deque<WaitingCommand> commands_;
    std::size_t bytes_ = 0;
};

inline bool is_disconnect(const WaitingCommand& waiting) {
    return std::holds_alternative<Disconnect>(waiting.command.what);
}

}  // namespace switchboard
