#include "bench/client_socket.hpp"

#include <arpa/inet.h>
#include <array>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace switchboard {
namespace {

constexpr std::uint8_t opcode_text = 1;
constexpr std::uint8_t opcode_binary = 2;
constexpr std::uint8_t opcode_close = 8;
constexpr std::uint8_t opcode_ping = 9;
constexpr std::uint8_t opcode_pong = 10;
constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::string_view mask{"\x5a\xa5\x3c\xc3", 4};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

sockaddr_in address_of(std::uint32_t host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = ::htonl(host);
    address.sin_port = ::htons(port);
    return address;
}

int connect(const Endpoint& endpoint) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) fail("socket");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const auto from = address_of(endpoint.source, 0);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) fail("bind");
    const auto to = address_of(INADDR_LOOPBACK, endpoint.port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) fail("connect");
    return fd;
}

std::string request(const Endpoint& endpoint) {
    return "GET " + endpoint.path +
           " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(endpoint.port) +
           "\r\nOrigin: " + endpoint.origin +
           "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: c3dpdGNoYm9hcmQgYmVuYw==\r\nSec-WebSocket-Protocol: "
           "switchboard.v1." +
           (endpoint.json ? "json" : "proto") + "\r\n\r\n";
}

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes)
        number = number << 8 | static_cast<std::uint8_t>(byte);
    return number;
}

}  // namespace

ClientSocket::ClientSocket(Poller& poller, const Endpoint& endpoint, Receiver& receiver)
    : poller_(poller), receiver_(receiver), fd_(connect(endpoint)), is_text_(endpoint.json) {
    poller_.add(fd_, *this);
    out_ = request(endpoint);
    flush();
}

ClientSocket::~ClientSocket() { close(); }

void ClientSocket::close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
}

void ClientSocket::send(std::string_view message) {
    put_frame(is_text_ ? opcode_text : opcode_binary, message);
    flush();
}

void ClientSocket::ready(std::uint32_t events) {
    if (fd_ < 0) return;
    if ((events & EPOLLOUT) != 0) flush();
    thread_local std::array<char, 64 << 10> scratch;
    const auto count = ::recv(fd_, scratch.data(), scratch.size(), MSG_DONTWAIT);
    const int error = count < 0 ? errno : 0;
    if (count == 0) return end("the server hung up");
    if (error == EAGAIN) return;
    if (error != 0) return end(std::strerror(error));
    const std::string_view bytes(scratch.data(), static_cast<std::size_t>(count));
    if (in_.empty()) {
        in_ = take(bytes);
    } else {
        in_ += bytes;
        in_ = std::string(take(in_));
    }
}

// Both return what they cannot use yet.
std::string_view ClientSocket::take(std::string_view bytes) {
    if (!is_open_) bytes = take_response(bytes);
    return is_open_ ? take_frames(bytes) : bytes;
}

std::string_view ClientSocket::take_response(std::string_view bytes) {
    const auto size = bytes.find("\r\n\r\n");
    if (size == std::string_view::npos) return bytes;
    const std::string status(bytes.substr(0, bytes.find('\r')));
    bytes.remove_prefix(size + 4);
    is_open_ = status.starts_with("HTTP/1.1 101");
    if (is_open_) {
        receiver_.opened();
    } else {
        end(status);
    }
    return bytes;
}

std::string_view ClientSocket::take_frames(std::string_view rest) {
    while (rest.size() >= 2 && fd_ >= 0) {
        const auto first = static_cast<std::uint8_t>(rest[0]);
        const auto second = static_cast<std::uint8_t>(rest[1]);
        const std::size_t length_bytes = second == 127 ? 8 : second == 126 ? 2 : 0;
        const std::size_t header = 2 + length_bytes;
        if (rest.size() < header) break;
        const auto length = length_bytes == 0 ? second : big_endian(rest.substr(2, length_bytes));
        if (rest.size() < header + length) break;
        const auto payload = rest.substr(header, length);
        rest.remove_prefix(header + length);
        if (first == (final_bit | (is_text_ ? opcode_text : opcode_binary))) {
            receiver_.received(payload);
        } else if (first == (final_bit | opcode_ping)) {
            put_frame(opcode_pong, payload);
            flush();
        } else if (first == (final_bit | opcode_close) && payload.size() >= 2) {
            end("closed with " + std::to_string(big_endian(payload.substr(0, 2))));
        } else if (first != (final_bit | opcode_pong)) {
            end("a frame that is not ours");
        }
    }
    return rest;
}

void ClientSocket::put_frame(std::uint8_t opcode, std::string_view payload) {
    out_ += static_cast<char>(final_bit | opcode);
    const auto size = payload.size();
    const int length_bytes = size > 0xffff ? 8 : size > 125 ? 2 : 0;
    const std::size_t code = length_bytes == 8 ? 127 : length_bytes == 2 ? 126 : size;
    out_ += static_cast<char>(mask_bit | code);
    for (int i = length_bytes - 1; i >= 0; --i)
        out_ += static_cast<char>(size >> (8 * i));
    out_ += mask;
    for (std::size_t i = 0; i < size; ++i)
        out_ += static_cast<char>(payload[i] ^ mask[i % 4]);
}

void ClientSocket::flush() {
    if (fd_ < 0) return;
    while (!out_.empty()) {
        const auto count = ::send(fd_, out_.data(), out_.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (count < 0) break;  // What is wrong shows when we read.
        out_.erase(0, static_cast<std::size_t>(count));
    }
    if (wants_to_write_ != !out_.empty()) {
        wants_to_write_ = !out_.empty();
        poller_.want_to_write(fd_, *this, wants_to_write_);
    }
}

void ClientSocket::end(const std::string& why) {
    close();
    receiver_.ended(why);
}

}  // namespace switchboard
