#include "app/listen.hpp"

#include <stdexcept>

namespace switchboard {

// A port that is taken is the commonest reason not to start; say what to do about it.
std::unique_ptr<Listener> listen(IoThreads& threads,
                                 ListenerSettings settings,
                                 Handlers handlers,
                                 const std::string& section) {
    const std::uint16_t port = settings.port;
    try {
        return std::make_unique<Listener>(threads, std::move(settings), std::move(handlers));
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot listen on port " + std::to_string(port) + ": " +
                                 error.code().message() + "; choose another with --" + section +
                                 ".port or in the configuration");
    }
}

}  // namespace switchboard
