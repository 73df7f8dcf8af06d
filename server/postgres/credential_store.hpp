#pragma once

#include "auth/credential_store.hpp"

namespace switchboard {

class ConnectionPool;
struct Statement;

// CredentialStore over a pool of connections, which must outlive it. The tenant of an AgentName is
// its tenant_key.
class PostgresCredentialStore : public CredentialStore {
public:
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    explicit PostgresCredentialStore(ConnectionPool& pool) : pool_(pool) {}

    Answer<std::optional<AgentAccount>> find_agent(AgentName name) override;
    Answer<void> store_session(Digest token, StoredSession session) override;
    Answer<std::optional<StoredSession>> find_session(Digest token) override;
    Answer<void> touch_session(Digest token, Time seen_at) override;
    Answer<void> delete_session(Digest token) override;
    Answer<void> delete_sessions_of(TenantId tenant, AgentId agent) override;

private:
    template <class... Arguments>
    Answer<void> write(const Statement& statement, Arguments... arguments);

    ConnectionPool& pool_;
};

}  // namespace switchboard
