#include "auth/login_sessions.hpp"

#include <algorithm>
#include <cstring>

#include "auth/opaque_token.hpp"
#include "auth/password.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

constexpr std::size_t tenant_bytes_max = 100, login_bytes_max = 254;

bool is_text_of(std::string_view text, std::size_t bytes_max) {
    return !text.empty() && text.size() <= bytes_max && is_storable_text(text);
}

bool is_possible(const LoginAttempt& attempt) {
    return is_text_of(attempt.tenant, tenant_bytes_max) &&
           is_text_of(attempt.login, login_bytes_max) && !attempt.password.empty() &&
           attempt.password.size() <= PasswordHasher::password_bytes_max;
}

// Only A-Z: what a store compares byte by byte must not depend on a locale.
std::string to_lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return text;
}

// A digest, so that a key of the limiter is small, whatever was typed, and nobody's address.
Digest digest_of(const AgentName& name) { return sha256(name.tenant + '\0' + name.login); }

// Who has IPv6 has a /64 of addresses.
Digest digest_of_network(const asio::ip::address& client) {
    if (client.is_v4()) return sha256(client.to_string());
    const auto v6 = client.to_v6();
    if (v6.is_v4_mapped()) {
        return sha256(asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string());
    }
    const auto bytes = v6.to_bytes();
    return sha256(std::string(bytes.begin(), bytes.begin() + 8));
}

LoginRefused refused(AuthError why, std::chrono::microseconds wait = {}) {
    return {why, std::chrono::ceil<std::chrono::seconds>(wait)};
}

}  // namespace

LoginSessions::LoginSessions(CredentialStore& store,
                             PasswordHasher& hasher,
                             const Settings& settings)
    : store_(store),
      hasher_(hasher),
      settings_(settings),
      accounts_(settings.account),
      networks_(settings.network) {}

asio::awaitable<LoginResult> LoginSessions::login(LoginAttempt attempt, Time now) {
    if (!is_possible(attempt)) co_return refused(AuthError::denied);
    AgentName name{std::move(attempt.tenant), to_lower(std::move(attempt.login))};
    const Try counted{digest_of(name), digest_of_network(attempt.client), now};
    if (const auto wait = take(counted); wait.count() > 0) {
        co_return refused(AuthError::too_many_tries, wait);
    }

    auto account = co_await store_.find_agent(std::move(name));
    if (!account) {
        give_back(counted);
        co_return refused(AuthError::unavailable);
    }
    const auto checked = co_await check(std::move(attempt.password), *account);
    const error_code error = checked.error();
    if (error == AuthError::denied) co_return refused(AuthError::denied);
    give_back(counted);
    if (error == AuthError::busy) co_return refused(AuthError::busy, std::chrono::seconds(1));
    if (error) co_return refused(AuthError::unavailable);
    co_return co_await begin(std::move(**account), now);
}

asio::awaitable<Result<void>> LoginSessions::check(std::string password,
                                                   std::optional<AgentAccount> account) {
    if (!account || account->password_hash.empty()) {
        co_return co_await hasher_.verify_for_nobody(std::move(password));
    }
    const auto checked = co_await hasher_.verify(std::move(password), account->password_hash);
    if (checked && !account->is_enabled) co_return AuthError::denied;
    co_return checked;
}

asio::awaitable<LoginResult> LoginSessions::begin(AgentAccount account, Time now) {
    OpaqueToken token = mint_opaque_token();
    StoredSession session{.principal = account.principal, .started_at = now, .seen_at = now};
    const auto stored = co_await store_.store_session(token.digest, session);
    if (!stored) co_return refused(AuthError::unavailable);
    co_return LoginGrant{
        std::move(token.text), account.principal, now + settings_.life, std::move(account.name)};
}

asio::awaitable<Result<SignedIn>> LoginSessions::find(std::string token, Time now) {
    const auto digest = digest_of_token(token);
    if (!digest) co_return AuthError::denied;
    co_return co_await find(*digest, now);
}

asio::awaitable<Result<SignedIn>> LoginSessions::find(Digest session, Time now) {
    const auto found = co_await store_.find_session(session);
    if (!found) co_return found.error();
    if (!*found) co_return AuthError::denied;
    const StoredSession& stored = **found;
    const Time ends_at = stored.started_at + settings_.life;
    if (now >= ends_at || now >= stored.seen_at + settings_.idle_max) {
        // Whether or not that succeeds: it stays expired.
        (void)co_await store_.delete_session(session);
        co_return AuthError::denied;
    }
    if (now >= stored.seen_at + settings_.touched_after) {
        // A failure costs a minute of idleness at most: the next request touches again.
        (void)co_await store_.touch_session(session, now);
    }
    co_return SignedIn{stored.principal, session, ends_at, stored.name};
}

asio::awaitable<Result<void>> LoginSessions::logout(std::string token) {
    const auto digest = digest_of_token(token);
    if (!digest) co_return Result<void>();
    co_return co_await store_.delete_session(*digest);
}

asio::awaitable<Result<void>> LoginSessions::end_all(TenantId tenant, AgentId agent) {
    return store_.delete_sessions_of(tenant, agent);
}

std::size_t LoginSessions::evicted() const {
    const std::lock_guard lock(mutex_);
    return accounts_.evicted() + networks_.evicted();
}

// Counts a try before it is made, so that tries made at once are all counted; or says how long to
// wait, and counts nothing.
std::chrono::microseconds LoginSessions::take(const Try& attempt) {
    const std::lock_guard lock(mutex_);
    const auto wait = std::max(accounts_.wait(attempt.account, attempt.at),
                               networks_.wait(attempt.network, attempt.at));
    if (wait.count() > 0) return wait;
    accounts_.take(attempt.account, attempt.at);
    networks_.take(attempt.network, attempt.at);
    return wait;
}

void LoginSessions::give_back(const Try& attempt) {
    const std::lock_guard lock(mutex_);
    accounts_.give_back(attempt.account, attempt.at);
    networks_.give_back(attempt.network, attempt.at);
}

}  // namespace switchboard
