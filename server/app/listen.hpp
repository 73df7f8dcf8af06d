#pragma once

#include <memory>
#include <string>

#include "net/listener.hpp"

namespace switchboard {

class IoThreads;

// A listener; throws std::runtime_error with one line for a human when the port is taken. `section`
// names its settings: http, ops.
std::unique_ptr<Listener> listen(IoThreads& threads,
                                 ListenerSettings settings,
                                 Handlers handlers,
                                 const std::string& section);

}  // namespace switchboard
