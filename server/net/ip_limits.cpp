#include "net/ip_limits.hpp"

#include <algorithm>

namespace switchboard {

using boost::asio::ip::address;
using boost::asio::ip::address_v6;

address client_of(const address& from) {
    if (!from.is_v6()) return from;
    const address_v6 v6 = from.to_v6();
    if (v6.is_v4_mapped()) return boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, v6);
    address_v6::bytes_type network = v6.to_bytes();
    std::fill(network.begin() + 8, network.end(), std::uint8_t{0});
    return address_v6(network);
}

bool IpLimits::admit(const address& from, Time now) {
    if (clients_.size() >= forget_at_) forget_idle(now);
    const address key = client_of(from);
    const auto found = clients_.find(key);
    if (found == clients_.end() && clients_.size() >= settings_.addresses_max) return false;

    Client& client = found != clients_.end() ? found->second : clients_[key];
    const auto interval =
        std::chrono::nanoseconds(std::chrono::seconds(1)) / std::max(settings_.new_per_second, 1);
    const Time due = std::max(client.due, now) + interval;
    if (client.sockets >= settings_.sockets_max || due - now > interval * settings_.burst) {
        return false;
    }
    client.due = due;
    ++client.sockets;
    return true;
}

void IpLimits::release(const address& from) {
    const auto found = clients_.find(client_of(from));
    if (found != clients_.end() && found->second.sockets > 0) --found->second.sockets;
}

// Each look costs as much as the table is long, so the next comes when it has doubled.
void IpLimits::forget_idle(Time now) {
    std::erase_if(clients_, [now](const auto& entry) {
        return entry.second.sockets == 0 && entry.second.due <= now;
    });
    forget_at_ = std::clamp<std::size_t>(clients_.size() * 2, 1'024, settings_.addresses_max);
}

}  // namespace switchboard
