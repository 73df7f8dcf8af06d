#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

#include "auth/digest.hpp"
#include "domain/errors.hpp"
#include "domain/principal.hpp"
#include "domain/time.hpp"

namespace switchboard {

// By which an agent is found when he logs in. Both texts are storable (domain/text.hpp).
struct AgentName {
    std::string tenant;  // the name or public key of the tenant, at most 100 bytes, as typed
    std::string login;   // e-mail address, 1..254 bytes, A-Z in lower case already
};

struct AgentAccount {
    Principal principal;        // with the role as it is now
    std::string password_hash;  // of PasswordHasher; empty: this account has no password
    bool is_enabled = false;
    std::string name{};  // as people see it
};

// A login that lasts; known by the digest of its token.
struct StoredSession {
    Principal principal;  // with the role as it is now, not as it was at the login
    Time started_at;
    Time seen_at;        // of the last touch
    std::string name{};  // of the agent, as it is now; not stored with the session
};

// Accounts and logins as stored. Any call may fail with an error_code when the database cannot be
// reached; the caller answers `unavailable`. Resumes on the caller's executor. Any thread.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/credential_store_test.cpp.
class CredentialStore {
public:
    virtual ~CredentialStore() = default;

    // The account, enabled or not; nothing when there is none. Names are compared byte by byte.
    virtual boost::asio::awaitable<Result<std::optional<AgentAccount>>> find_agent(
        AgentName name) = 0;

    // Stores a new login of an agent.
    virtual boost::asio::awaitable<Result<void>> store_session(Digest token,
                                                               StoredSession session) = 0;

    // Nothing when it is unknown, was deleted, or its account is disabled or gone.
    virtual boost::asio::awaitable<Result<std::optional<StoredSession>>> find_session(
        Digest token) = 0;

    // Moves `seen_at` ahead, never back. A session that is not there stays so.
    virtual boost::asio::awaitable<Result<void>> touch_session(Digest token, Time seen_at) = 0;

    // Success also when it is not there.
    virtual boost::asio::awaitable<Result<void>> delete_session(Digest token) = 0;

    // Every session of that agent.
    virtual boost::asio::awaitable<Result<void>> delete_sessions_of(TenantId tenant,
                                                                    AgentId agent) = 0;
};

}  // namespace switchboard
