#pragma once

#include <boost/asio/ip/address.hpp>

#include <chrono>
#include <cstddef>
#include <map>

namespace switchboard {

// Who is counted as one client: an address, or of IPv6 the /64 network around it, since a client
// can choose any address in there.
boost::asio::ip::address client_of(const boost::asio::ip::address& from);

// How many connections one client may hold and open. Belongs to one thread; knows the time by what
// it is told.
class IpLimits {
public:
    using Time = std::chrono::steady_clock::time_point;

    struct Settings {
        int sockets_max = 100;                // held at the same time
        int new_per_second = 10;              // in the long run
        int burst = 30;                       // at once, after a silence
        std::size_t addresses_max = 100'000;  // remembered; beyond, new addresses are refused
    };

    explicit IpLimits(Settings settings) : settings_(settings) {}

    // True when the address may open one more; it then holds it until release(). `now` never
    // goes back.
    bool admit(const boost::asio::ip::address& address, Time now);
    void release(const boost::asio::ip::address& address);

    std::size_t addresses() const { return clients_.size(); }

private:
    struct Client {
        int sockets = 0;
        Time due{};  // GCRA: when the bucket is full again
    };

    void forget_idle(Time now);

    Settings settings_;
    std::map<boost::asio::ip::address, Client> clients_;
    std::size_t forget_at_ = 1'024;  // size at which idle addresses are looked for
};

}  // namespace switchboard
