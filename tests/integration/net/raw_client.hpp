#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

// A WebSocket frame as the client received it.
struct RawFrame {
    int opcode = 0;
    bool fin = true;
    std::string payload;
};

// A frame to send, legal unless told otherwise.
struct FrameShape {
    int opcode = 2;
    bool fin = true;
    int reserved_bits = 0;  // RSV1 is 4
    bool masked = true;
};

// A blocking TCP client that can say what no library would. Gives up waiting after ten seconds.
class RawClient {
public:
    explicit RawClient(std::uint16_t port, int receive_buffer = 0);
    ~RawClient();
    RawClient(RawClient&& other) noexcept;
    RawClient& operator=(RawClient&&) = delete;

    // False when the server has gone.
    bool send(std::string_view bytes);
    bool send_frame(std::string_view payload, FrameShape shape);
    bool send_text(std::string_view text) { return send_frame(text, FrameShape{.opcode = 1}); }
    bool send_binary(std::string_view bytes) { return send_frame(bytes, FrameShape{}); }

    // Sends an upgrade request and returns the status line and header of the answer.
    std::string upgrade(std::string_view subprotocols,
                        std::string_view path = "/socket",
                        std::string_view more_fields = "");

    // One HTTP response, its header and body; empty when the connection ended before.
    std::string read_response();

    // Nothing when the connection ended.
    std::optional<RawFrame> read_frame();

    // The code of the next close frame, skipping all other frames; 0 when there is none, 1005 when
    // it has no code.
    int read_close_code();

    // True when the server hangs up; what it still sends is dropped.
    bool sees_the_end();

    void hang_up();  // half-close: no more from us
    std::uint16_t own_port() const;

private:
    bool fill();  // one more receive
    std::string take(std::size_t count);

    int socket_;
    std::string received_;
};

std::string masked_frame(std::string_view payload, FrameShape shape);

// "HTTP/1.1 200 OK…" → 200; 0 when it is no response.
int status_of(std::string_view response);

}  // namespace switchboard
