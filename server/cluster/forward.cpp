#include "cluster/forward.hpp"

namespace switchboard {

void Forward::submit(Command command, std::shared_ptr<ReplyReceiver> to, std::uint32_t id) {
    WaitingCommand waiting;
    waiting.command = std::move(command);
    waiting.to = std::move(to);
    waiting.id = id;
    tenants_.submit(std::move(waiting));
}

}  // namespace switchboard
