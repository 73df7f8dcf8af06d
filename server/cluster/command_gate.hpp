#pragma once

#include "domain/command.hpp"
#include "tenants/audience.hpp"

namespace switchboard {

// Where a command goes in: to the tenant's loop here, or to the node that owns the tenant.
class CommandGate {
public:
    virtual ~CommandGate() = default;

    // Never blocks, may be called on any thread. `to` is told within about 10 s: by a reply of the
    // tenant, or refused as overloaded (nothing was stored) or unavailable (not decided; ask again
    // with the same client message id). Commands of one caller are carried out in their order.
    // `to` may be null: then nobody is told.
    virtual void submit(Command command, std::shared_ptr<ReplyReceiver> to, std::uint32_t id) = 0;
};

}  // namespace switchboard
