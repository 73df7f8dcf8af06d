#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/poller.hpp"

namespace switchboard {

// Where a client connects to, and as whom.
struct Endpoint {
    std::uint16_t port = 0;    // of 127.0.0.1
    std::uint32_t source = 0;  // the client's own address, host order: one may open only so many
    std::string path;
    std::string origin;
    bool json = false;  // the subprotocol
};

// The client's end of a WebSocket: as much of the standard as the load needs, as cheap as it can
// be, so that the measuring costs little beside the measured. One thread.
class ClientSocket final : public Poller::Item {
public:
    class Receiver {
    public:
        virtual void opened() = 0;
        virtual void received(std::string_view message) = 0;
        virtual void ended(const std::string& why) = 0;  // once, unless close() was called

    protected:
        ~Receiver() = default;
    };

    // Begins to connect. Throws std::system_error when there is no descriptor or address.
    ClientSocket(Poller& poller, const Endpoint& endpoint, Receiver& receiver);
    ~ClientSocket();
    ClientSocket(const ClientSocket&) = delete;
    ClientSocket& operator=(const ClientSocket&) = delete;

    // One message; after opened().
    void send(std::string_view message);

    void close();

private:
    void ready(std::uint32_t events) override;

    std::string_view take(std::string_view bytes);
    std::string_view take_response(std::string_view bytes);
    std::string_view take_frames(std::string_view bytes);
    void put_frame(std::uint8_t opcode, std::string_view payload);
    void flush();
    void end(const std::string& why);

    Poller& poller_;
    Receiver& receiver_;
    int fd_ = -1;
    bool is_open_ = false;
    bool is_text_;
    bool wants_to_write_ = false;
    std::string in_;   // the beginning of what is not all here yet
    std::string out_;  // not taken by the kernel yet
};

}  // namespace switchboard
