#include "support/byte_proxy.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <arpa/inet.h>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include <vector>

#include "postgres/connection.hpp"

namespace switchboard {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

template <class Address>
sockaddr* general(Address& address) {
    return reinterpret_cast<sockaddr*>(&address);
}

int connect_to(const std::string& path) {  // of a unix socket, or the number of a loopback port
    if (path.front() != '/') {
        auto address = loopback(std::stoi(path));
        const int tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        return connect(tcp, general(address), sizeof address) == 0 ? tcp : (close(tcp), -1);
    }
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
    const int local = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(local, general(address), sizeof address) == 0 ? local : (close(local), -1);
}

bool send_all(int socket, const char* data, std::size_t size) {
    while (size > 0) {
        const auto sent = send(socket, data, size, MSG_NOSIGNAL);
        if (sent <= 0) return false;
        data += sent;
        size -= static_cast<std::size_t>(sent);
    }
    return true;
}

void close_socket(int& socket) {
    if (socket >= 0) close(socket);
    socket = -1;
}

}  // namespace

ByteProxy::ByteProxy(const std::string& server) {
    {
        pqxx::connection connection(server);
        const std::string host = connection.hostname() == nullptr ? "" : connection.hostname();
        const std::string port = connection.port();
        server_ = host.starts_with('/') ? host + "/.s.PGSQL." + port : port;
    }
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (bind(listener_, general(address), size) != 0 || listen(listener_, 64) != 0 ||
        getsockname(listener_, general(address), &size) != 0 || pipe2(wake_, O_CLOEXEC) != 0) {
        throw std::runtime_error("no loopback port");
    }
    connection_ = connection_string(server, "switchboard test", {}) +
                  " host=127.0.0.1 sslmode=disable port=" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this] { run(); });
}

ByteProxy::~ByteProxy() {
    {
        const std::lock_guard lock(mutex_);
        stopped_ = true;
    }
    wake();
    thread_.join();
    for (Link& link : links_) {
        close_socket(link.client);
        close_socket(link.server);
    }
    close(listener_);
    close(wake_[0]);
    close(wake_[1]);
}

void ByteProxy::wake() {
    const char byte = 0;
    (void)!write(wake_[1], &byte, 1);  // A full pipe wakes as well.
}

void ByteProxy::hold_requests() {
    const std::lock_guard lock(mutex_);
    for (Link& link : links_)
        link.hold_requests = true;
}

void ByteProxy::hold_answers() {
    const std::lock_guard lock(mutex_);
    for (Link& link : links_)
        link.hold_answers = true;
    wake();
}

void ByteProxy::await_held() {
    std::unique_lock lock(mutex_);
    held_.wait(lock, [&] { return std::ranges::any_of(links_, &Link::held); });
}

void ByteProxy::cut(bool reset) {
    const std::lock_guard lock(mutex_);
    for (Link& link : links_) {
        if (link.client < 0) continue;
        const linger at_once{1, 0};
        if (reset) setsockopt(link.client, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close_socket(link.client);
        if (!link.held && !link.hold_answers) close_socket(link.server);
    }
    wake();
}

void ByteProxy::deliver() {
    const std::lock_guard lock(mutex_);
    for (Link& link : links_) {
        if (link.server >= 0) send_all(link.server, link.requests.data(), link.requests.size());
        link.requests.clear();
        link.held = false;
        link.hold_requests = false;
        if (link.client < 0 && link.server >= 0) shutdown(link.server, SHUT_WR);
    }
    wake();
}

bool ByteProxy::is_connected() const {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(links_, [](const Link& link) { return link.client >= 0; });
}

bool ByteProxy::is_holding() const {
    const std::lock_guard lock(mutex_);
    return std::ranges::any_of(links_, &Link::held);
}

int ByteProxy::ended() const {
    const std::lock_guard lock(mutex_);
    return ended_;
}

void ByteProxy::accept() {
    Link link;
    link.client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (link.client < 0) return;
    link.server = connect_to(server_);
    if (link.server < 0) return close_socket(link.client);
    links_.push_back(std::move(link));
}

void ByteProxy::pass_requests(Link& link) {
    char buffer[65536];
    const auto got = recv(link.client, buffer, sizeof buffer, 0);
    if (got <= 0) {
        ++ended_;
        close_socket(link.client);
        if (!link.held && !link.hold_answers) close_socket(link.server);
    } else if (link.hold_requests) {
        link.requests.append(buffer, static_cast<std::size_t>(got));
        link.held = true;
        held_.notify_all();
    } else if (!send_all(link.server, buffer, static_cast<std::size_t>(got))) {
        close_socket(link.server);
        close_socket(link.client);
    }
}

void ByteProxy::pass_answers(Link& link) {
    char buffer[65536];
    const auto got = recv(link.server, buffer, sizeof buffer, 0);
    if (got <= 0) {
        close_socket(link.server);
        close_socket(link.client);
    } else if (link.hold_answers) {
        link.held = true;
        held_.notify_all();
    } else if (link.client >= 0 && !send_all(link.client, buffer, static_cast<std::size_t>(got))) {
        close_socket(link.client);
        close_socket(link.server);
    }
}

void ByteProxy::run() {
    std::unique_lock lock(mutex_);
    while (!stopped_) {
        std::erase_if(links_, [](const Link& l) { return l.client < 0 && l.server < 0; });
        std::vector<pollfd> waits{{listener_, POLLIN, 0}, {wake_[0], POLLIN, 0}};
        std::vector<Link*> links;
        for (Link& link : links_) {
            waits.push_back({link.client, POLLIN, 0});  // poll() passes over -1
            waits.push_back({link.server, POLLIN, 0});
            links.push_back(&link);
        }
        lock.unlock();
        poll(waits.data(), waits.size(), -1);
        lock.lock();

        char bytes[64];
        if (waits[1].revents != 0) (void)!read(wake_[0], bytes, sizeof bytes);
        for (std::size_t i = 0; i < links.size(); ++i) {  // Nobody else takes links away.
            Link& link = *links[i];
            if (waits[2 + 2 * i].revents != 0 && waits[2 + 2 * i].fd == link.client)
                pass_requests(link);
            if (waits[3 + 2 * i].revents != 0 && waits[3 + 2 * i].fd == link.server)
                pass_answers(link);
        }
        if (waits[0].revents != 0) accept();
    }
}

}  // namespace switchboard
