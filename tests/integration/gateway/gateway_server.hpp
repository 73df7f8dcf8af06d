#pragma once

#include <boost/json.hpp>

#include <deque>
#include <optional>
#include <set>
#include <string>

#include "auth/password.hpp"
#include "gateway/gateway.hpp"
#include "integration/net/raw_client.hpp"
#include "net/io_threads.hpp"
#include "net/listener.hpp"
#include "support/engine_gate.hpp"
#include "support/memory_credential_store.hpp"
#include "support/memory_ports.hpp"
#include "support/memory_site_store.hpp"

namespace switchboard {

// A gateway on a real socket, with the engine of one tenant behind it: site "shop" with agents 1
// and 2, manager 3, and one of each other role: bot 4, viewer 5, admin 6, account owner 7.
class GatewayServer {
public:
    explicit GatewayServer(const GatewaySettings& settings = lenient());
    ~GatewayServer();

    // Settings under which nothing is refused for being too much or too late.
    static GatewaySettings lenient();

    std::uint16_t port() const { return listener_->port(); }
    std::string ticket(int agent = 1);  // one-use, of that agent's one login
    void log_out(int agent);            // ends it, with all its tabs
    void allow_drafts(bool allowed);    // by the tenant's settings
    MemoryCredentialStore& accounts() { return accounts_; }
    MemorySiteStore& sites() { return sites_; }

    // A conversation of another tenant, which is in the same database.
    std::string talk_elsewhere();

    static constexpr std::string_view shop = "/v1/sites/shop/socket";
    static constexpr std::string_view desk = "/v1/tenants/acme/socket";

    // Waits until it is so; false after ten seconds.
    template <class Condition>
    static bool becomes(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!condition() && std::chrono::steady_clock::now() < end)
            std::this_thread::yield();
        return condition();
    }

private:
    static TenantState tenant();
    static Time now();

    MemoryDatabase database_;
    MemoryTenantStore store_{database_};
    MemorySiteStore sites_;
    KeyRing keys_;
    SocketTickets tickets_{SocketTickets::Settings{}};
    MemoryCredentialStore accounts_;
    PasswordHasher hasher_{{.memory_bytes = 8 << 10, .passes = 1}};
    LoginSessions logins_{accounts_, hasher_, LoginSessions::Settings{}};
    Registry registry_;
    EdgeMetrics metrics_{registry_};
    std::optional<FanOut> audience_;

public:
    std::optional<EngineGate> gate;
    std::optional<Gateway> gateway;

private:
    IoThreads threads_{4};  // after what its unfinished work refers to
    std::optional<Listener> listener_;
};

// A client that speaks the JSON subprotocol and gives up waiting after ten seconds. It confirms by
// itself what is assigned to its agent, and shows nothing of the answer.
class JsonClient {
public:
    JsonClient(std::uint16_t port,
               std::string_view path,
               std::string_view origin,
               int receive_buffer = 0);

    // {"id": …, <command>}, with the next id, which is returned.
    std::uint32_t send(const std::string& command);
    void send_raw(const std::string& text) { raw.send_text(text); }

    // The next frame; an empty object when the connection ended.
    boost::json::object next();
    // The next frame that is this event, as its value; others are dropped.
    boost::json::object event(std::string_view kind);
    // The next reply, which must be to `id`; events before it are dropped.
    boost::json::object reply(std::uint32_t id);
    // The code in the reply's error; empty when it is none.
    std::string refusal(std::uint32_t id);

    // How many frames the last WebSocket message had.
    std::size_t frames_of_last_message() const { return frames_of_last_message_; }

    RawClient raw;

private:
    void confirm(const boost::json::object& summary);
    void receive(boost::json::object frame);

    std::uint32_t last_id_ = 0;
    std::set<std::uint32_t> confirming_;
    std::size_t frames_of_last_message_ = 0;
    std::deque<boost::json::object> received_;
};

// Commands as JSON.
std::string hello(const std::string& fields = "");
std::string start(int message, const std::string& text = "hello");
std::string send_text(const std::string& conversation, int message, const std::string& text);
std::string message_id(int number);  // a UUIDv7 of today

}  // namespace switchboard
