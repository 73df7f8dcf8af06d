#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <mutex>
#include <string>

#include "auth/auth_error.hpp"
#include "auth/credential_store.hpp"
#include "auth/try_limiter.hpp"

namespace switchboard {

class PasswordHasher;

struct LoginAttempt {
    std::string tenant;  // its name or public key
    std::string login;   // e-mail address; the case of A-Z does not matter
    std::string password;
    boost::asio::ip::address client;
};

struct LoginGrant {
    std::string token;  // for the cookie; it is nowhere else
    Principal principal;
    Time ends_at;      // at the latest
    std::string name;  // of the agent
};

struct LoginRefused {
    AuthError why = AuthError::denied;
    std::chrono::seconds retry_after{0};  // 0 when it is not about time
};

using LoginResult = boost::system::result<LoginGrant, LoginRefused>;

// Who bears a valid session token.
struct SignedIn {
    Principal principal;
    Digest session{};    // names the login; not a secret
    Time ends_at;        // at the latest
    std::string name{};  // of the agent
};

// Agents and managers who log in with a password, and stay so for a time. Rules: an agent's token
// is 256 random bits of which only the SHA-256 is stored; it ends after 12 hours, after 30 minutes
// without a request, at logout, and when the account is disabled.
//
// Any thread. Time is a parameter and is the wall clock, because sessions outlive the process.
class LoginSessions {
public:
    struct Settings {
        std::chrono::seconds life{12 * 60 * 60};
        std::chrono::seconds idle_max{30 * 60};
        std::chrono::seconds touched_after{60};  // a session seen within it is not stored again
        TryLimiter::Limits account{.tries_max = 10};
        TryLimiter::Limits network{.tries_max = 50};  // an IPv4 address or an IPv6 /64
    };

    // Both must outlive every call.
    LoginSessions(CredentialStore& store, PasswordHasher& hasher, const Settings& settings);

    // Checks a password and begins a session. Failed tries are counted per account, whether or not
    // it exists, and per network; only those: whoever knows the password is not locked out by
    // using it. Unknown account, disabled account and wrong password look and take the same:
    //   denied         - one of these, or a field that no account can have;
    //   too_many_tries - of the account or the network, before any work; see retry_after;
    //   busy           - too many logins wait; see retry_after;
    //   unavailable    - the store cannot be reached, or we are stopping.
    boost::asio::awaitable<LoginResult> login(LoginAttempt attempt, Time now);

    // Who bears this token, and that he was seen at `now`. Errors: denied; a store's own.
    boost::asio::awaitable<Result<SignedIn>> find(std::string token, Time now);

    // The same for a session known already: a socket asks now and then, and is itself activity.
    boost::asio::awaitable<Result<SignedIn>> find(Digest session, Time now);

    // Ends one session. Success also when the token is none. Errors: a store's own.
    boost::asio::awaitable<Result<void>> logout(std::string token);

    // Ends all sessions of an agent: his password or role changed, or he was disabled.
    boost::asio::awaitable<Result<void>> end_all(TenantId tenant, AgentId agent);

    // Accounts and networks that went uncounted for want of room: the metric of both limiters.
    std::size_t evicted() const;

private:
    struct Try {
        Digest account{};
        Digest network{};
        Time at;
    };

    std::chrono::microseconds take(const Try& attempt);
    void give_back(const Try& attempt);
    boost::asio::awaitable<Result<void>> check(std::string password,
                                               std::optional<AgentAccount> account);
    boost::asio::awaitable<LoginResult> begin(AgentAccount account, Time now);

    CredentialStore& store_;
    PasswordHasher& hasher_;
    Settings settings_;
    mutable std::mutex mutex_;  // guards both limiters; held for a look-up, never over an await
    TryLimiter accounts_;
    TryLimiter networks_;
};

}  // namespace switchboard
