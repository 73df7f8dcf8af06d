#pragma once

#include <optional>

#include "admin/api.hpp"
#include "admin/rest/rest.hpp"
#include "app/config.hpp"
#include "app/loop_watch.hpp"
#include "app/node_metrics.hpp"
#include "app/state_folder.hpp"
#include "auth/key_ring.hpp"
#include "auth/login_sessions.hpp"
#include "auth/password.hpp"
#include "auth/socket_tickets.hpp"
#include "cluster/forward.hpp"
#include "cluster/node_ownership.hpp"
#include "gateway/gateway.hpp"
#include "net/io_threads.hpp"
#include "net/listener.hpp"
#include "postgres/api_key_store.hpp"
#include "postgres/archive.hpp"
#include "postgres/catalogue.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/credential_store.hpp"
#include "postgres/owner_table.hpp"
#include "postgres/site_store.hpp"
#include "postgres/tenant_log.hpp"
#include "postgres/tenant_store.hpp"

namespace switchboard {

// Everything that serves tenants, in the order it needs one another: what is stored, who owns it,
// the tenants' loops, the gateway to the clients. Made, drained and destroyed on the main thread.
class Node {
public:
    // Throws std::exception with one line for a human when the database, a key or a port is not as
    // it should be. Serves once the threads are started.
    Node(const Config& config, IoThreads& threads, const LoopWatch& watch, NodeMetrics& metrics);
    ~Node();
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;

    std::uint16_t port() const { return listener_->port(); }

    // The lease is held: what is asked of it will be answered.
    bool is_ready() const { return !is_draining_ && lease_.term() != 0; }

    // After the threads were joined, before they are destroyed: ends what still posts to them.
    void close();

    // Accepts no more, asks the clients to come back elsewhere, lets the batches in flight be
    // decided, and gives the tenants up. Returns after that, or when `at_most` is over.
    void drain(std::chrono::seconds at_most);

    // Takes over into the metrics what the rooms count by themselves. One thread at a time.
    void sample();

private:
    Handlers handlers();
    RestParts rest_parts();

    NodeMetrics& metrics_;
    Clock clock_;
    Incarnation me_;
    std::unique_ptr<StateFolder> folder_;  // none when no folder is set
    KeyRing keys_;
    std::optional<ConnectionPool> pool_;
    PostgresTenantStore store_{*pool_};
    PostgresSiteStore sites_{*pool_};
    PostgresCredentialStore accounts_{*pool_};
    PostgresCatalogue catalogue_{*pool_};
    PostgresArchive archive_{*pool_};
    PostgresApiKeyStore key_store_{*pool_};
    ApiKeys api_keys_{key_store_};
    PostgresOwnerTable owners_;
    PostgresTenantLog log_;
    PostgresLeaseTable lease_table_;
    LeaseKeeper lease_;
    NodeOwnership ownership_;
    FanOut audience_;
    Tenants tenants_;
    Forward gate_{tenants_};
    PasswordHasher hasher_{PasswordHasher::Settings{}};
    LoginSessions logins_;
    SocketTickets tickets_{SocketTickets::Settings{}};
    Gateway gateway_;
    RequestLimits request_limits_;
    Rest rest_;
    Api api_;
    std::atomic<bool> is_draining_{false};
    std::unique_ptr<Listener> listener_;
    std::vector<std::atomic<std::shared_ptr<const Tenants::Load>>> loads_;  // by I/O thread
};

}  // namespace switchboard
