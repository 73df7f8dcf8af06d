#include "integration/net/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace switchboard {
namespace {

constexpr int patience_seconds = 10;

}  // namespace

RawClient::RawClient(std::uint16_t port, int receive_buffer)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof(receive_buffer));
    }
    const timeval patience{patience_seconds, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
        ::close(std::exchange(socket_, -1));
    }
}

RawClient::~RawClient() {
    if (socket_ >= 0) ::close(socket_);
}

RawClient::RawClient(RawClient&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

bool RawClient::send_frame(std::string_view payload, FrameShape shape) {
    return send(masked_frame(payload, shape));
}

std::string RawClient::upgrade(std::string_view subprotocols,
                               std::string_view path,
                               std::string_view more_fields) {
    std::string request = "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n";
    request += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    if (!subprotocols.empty()) {
        request += "Sec-WebSocket-Protocol: " + std::string(subprotocols) + "\r\n";
    }
    send(request.append(more_fields).append("\r\n"));
    return read_response();
}

std::string RawClient::read_response() {
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) return {};
    }
    std::string response = take(end + 4);
    const std::size_t field = response.find("Content-Length: ");
    if (field != std::string::npos) response += take(std::stoul(response.substr(field + 16)));
    return response;
}

std::optional<RawFrame> RawClient::read_frame() {
    const std::string head = take(2);
    if (head.size() < 2) return std::nullopt;
    const auto first = static_cast<std::uint8_t>(head[0]);
    std::size_t length = static_cast<std::uint8_t>(head[1]) & 0x7f;
    if (length >= 126) {
        const std::string digits = take(length == 126 ? 2 : 8);
        length = 0;
        for (const char digit : digits)
            length = length << 8 | static_cast<std::uint8_t>(digit);
    }
    RawFrame frame{first & 0x0f, (first & 0x80) != 0, take(length)};
    if (frame.payload.size() < length) return std::nullopt;
    return frame;
}

int RawClient::read_close_code() {
    while (auto frame = read_frame()) {
        if (frame->opcode != 8) continue;
        if (frame->payload.size() < 2) return 1005;
        return static_cast<std::uint8_t>(frame->payload[0]) << 8 |
               static_cast<std::uint8_t>(frame->payload[1]);
    }
    return 0;
}

bool RawClient::sees_the_end() {
    for (;;) {
        received_.clear();
        char scrap[4096];
        const ssize_t count = ::recv(socket_, scrap, sizeof(scrap), 0);
        if (count == 0) return true;
        if (count < 0) return errno == ECONNRESET;
    }
}

void RawClient::hang_up() { ::shutdown(socket_, SHUT_WR); }

std::uint16_t RawClient::own_port() const {
    sockaddr_in address{};
    socklen_t size = sizeof(address);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    return ntohs(address.sin_port);
}

bool RawClient::fill() {
    char bytes[16 << 10];
    const ssize_t count = ::recv(socket_, bytes, sizeof(bytes), 0);
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

std::string RawClient::take(std::size_t count) {
    while (received_.size() < count && fill()) {
    }
    std::string taken = received_.substr(0, count);
    received_.erase(0, taken.size());
    return taken;
}

std::string masked_frame(std::string_view payload, FrameShape shape) {
    std::string frame;
    frame += static_cast<char>((shape.fin ? 0x80 : 0) | shape.reserved_bits << 4 | shape.opcode);
    const int mask = shape.masked ? 0x80 : 0;
    const std::size_t size = payload.size();
    const int length_bytes = size < 126 ? 0 : size < 65'536 ? 2 : 8;
    frame += static_cast<char>(mask | (length_bytes == 0   ? static_cast<int>(size)
                                       : length_bytes == 2 ? 126
                                                           : 127));
    for (int i = length_bytes - 1; i >= 0; --i)
        frame += static_cast<char>(size >> 8 * i & 0xff);
    if (!shape.masked) return frame.append(payload);
    const std::string key = "\x11\x22\x33\x44";
    frame += key;
    for (std::size_t i = 0; i < size; ++i)
        frame += static_cast<char>(payload[i] ^ key[i % 4]);
    return frame;
}

int status_of(std::string_view response) {
    return response.starts_with("HTTP/1.1 ") ? std::stoi(std::string(response.substr(9, 3))) : 0;
}

}  // namespace switchboard
