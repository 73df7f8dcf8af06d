#include "app/healthcheck.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <iostream>
#include <string>

namespace switchboard {

int healthcheck(const Config& config) {
    boost::asio::ip::tcp::iostream stream;
    stream.expires_after(std::chrono::seconds(2));
    stream.connect(config.ops_address, std::to_string(config.ops_port));
    stream << "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n" << std::flush;
    std::string version;
    int status = 0;
    if (!(stream >> version >> status)) {
        std::cerr << "no answer from " << config.ops_address << " port " << config.ops_port << ": "
                  << stream.error().message() << '\n';
        return 1;
    }
    if (status != 200) std::cerr << "not ready: status " << status << '\n';
    return status == 200 ? 0 : 1;
}

}  // namespace switchboard
