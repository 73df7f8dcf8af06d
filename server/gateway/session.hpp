#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "cluster/command_gate.hpp"
#include "gateway/fan_out.hpp"
#include "gateway/handshake.hpp"
#include "gateway/page_reader.hpp"
#include "gateway/pulse.hpp"
#include "gateway/send_window.hpp"
#include "metrics/edge_metrics.hpp"
#include "net/web_socket.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

// What the gateway works with; all of it outlives the I/O threads.
struct GatewayParts {
    CommandGate& gate;
    TenantStore& store;
    SiteStore& sites;
    FanOut& audience;
    Credentials credentials;
    EdgeMetrics& metrics;
    std::function<Time()> now;                     // never goes back; any thread
    std::function<void(std::string_view)> failed;  // told what() of an escaped exception
};

// What the sessions of one I/O thread share.
struct SessionPlace {
    const GatewayParts& parts;
    const GatewaySettings& settings;
    const boost::asio::io_context& context;
    std::size_t thread = 0;
    Pulse pulse;
};

// One connection of a visitor or an agent: a loop that reads and a loop that writes. It knows the
// order of things (hello, welcome, commands, the end), not the rules. Belongs to its I/O thread.
class Session final : public ReplyReceiver,
                      public Pulse::Member,
                      public std::enable_shared_from_this<Session> {
public:
    Session(WebSocket socket, const Door& door, Encoding encoding, SessionPlace& place);
    ~Session() override;

    // Returns when the connection is over, for whatever reason; throws only what is a bug.
    boost::asio::awaitable<void> run();

    // From the tenant: the answer to a frame.
    void receive(std::uint32_t id, Reply reply) override;

    // Once a second: heartbeat, and deadlines.
    void tick(Time now) override;

    void go_away(const GoAway& go_away, Time close_at) override;

private:
    struct Arrival;
    struct Postponed;

    boost::asio::awaitable<void> read_frames();
    boost::asio::awaitable<void> write_frames();
    void start_writing();

    boost::asio::awaitable<bool> arrive(ClientFrame first);
    boost::asio::awaitable<bool> admit();
    void join(Admitted admitted);
    boost::asio::awaitable<bool> be_welcomed();
    void start_catching_up(WelcomeView view, std::optional<Resume> resume);
    boost::asio::awaitable<void> be_brought_up_to_date(WelcomeView view,
                                                       std::optional<Resume> resume);
    bool is_catching_up() const { return postponed_ != nullptr; }
    void turn_away(const TurnedAway& turned_away);
    void leave();

    void take(ClientFrame frame);
    void carry_out(ClientFrame frame);
    bool is_allowed(const ClientFrame& frame, Time now);
    void submit(std::uint32_t id, Command command);
    void answer(std::uint32_t id, const Reply& reply);
    void refuse(std::uint32_t id, const Refused& why, std::chrono::microseconds retry_after);

    void answer_in_parts(std::uint32_t id, std::vector<Frame> parts, std::vector<SiteId> sites);
    PageReader& reader();
    boost::asio::awaitable<void> serve_reads();

    Time now() const { return place_.parts.now(); }
    const RateSettings& rates() const;

    SessionPlace& place_;
    Door door_;
    Encoding encoding_;
    WebSocket socket_;
    Feed feed_;
    SendWindow window_;
    std::uint32_t last_id_ = 0;
    Allowance* allowance_ = nullptr;        // once the room is joined
    bool is_welcome_ = false;               // from here on commands are taken
    Time due_;                              // hello until it came, then the next heartbeat
    bool has_written_ = false;              // write_frames() has returned
    std::unique_ptr<Wake> written_;         // for run() to wait for that
    std::optional<Time> close_at_;          // go_away
    std::unique_ptr<Arrival> arrival_;      // from hello to welcome
    std::unique_ptr<PageReader> reader_;    // while serve_reads() runs
    std::unique_ptr<Postponed> postponed_;  // while it catches up
};

}  // namespace switchboard
