#pragma once

#include <functional>
#include <string>

#include "net/handlers.hpp"

namespace switchboard {

// What the operations port shows. Each is called on an I/O thread and must not block.
struct OpsView {
    std::function<bool()> is_ready;        // to be given connections: /readyz
    std::function<std::string()> metrics;  // in Prometheus's text form: /metrics
};

// The operations port, for the load balancer and for Prometheus: /healthz is answered by whoever
// lives, with no look at a database.
Handlers ops_handlers(OpsView view);

}  // namespace switchboard
