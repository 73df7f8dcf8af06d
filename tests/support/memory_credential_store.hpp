#pragma once

#include <boost/system/errc.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "auth/credential_store.hpp"

namespace switchboard {

// Accounts and logins in memory, for tests. Any thread.
class MemoryCredentialStore final : public CredentialStore {
public:
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    void put(const AgentName& name, const AgentAccount& account) {
        const std::lock_guard lock(mutex_);
        accounts_[{name.tenant, name.login}] = account;
    }

    // From now on every call fails, as if the database were gone; or no longer does.
    void set_reachable(bool is_reachable) {
        const std::lock_guard lock(mutex_);
        is_reachable_ = is_reachable;
    }

    // The next look-up of a session alone fails.
    void fail_next_find() {
        const std::lock_guard lock(mutex_);
        fails_next_find_ = true;
    }

    std::size_t session_count() const {
        const std::lock_guard lock(mutex_);
        return sessions_.size();
    }

    std::size_t touch_count() const {
        const std::lock_guard lock(mutex_);
        return touches_;
    }

    // True when `text` is part of what is kept of any session.
    bool keeps(const std::string& text) const {
        const std::lock_guard lock(mutex_);
        return std::ranges::any_of(sessions_, [&](const auto& entry) {
            return std::string(entry.first.begin(), entry.first.end()).find(text) !=
                   std::string::npos;
        });
    }

    Answer<std::optional<AgentAccount>> find_agent(AgentName name) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto found = accounts_.find({name.tenant, name.login});
        if (found == accounts_.end()) co_return std::nullopt;
        co_return found->second;
    }

    Answer<void> store_session(Digest token, StoredSession session) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        sessions_.emplace(token, session);
        co_return Result<void>();
    }

    Answer<std::optional<StoredSession>> find_session(Digest token) override {
        const std::lock_guard lock(mutex_);
        if (std::exchange(fails_next_find_, false) || !is_reachable_) co_return unreachable();
        const auto found = sessions_.find(token);
        if (found == sessions_.end()) co_return std::nullopt;
        const auto account = std::ranges::find_if(accounts_, [&](const auto& entry) {
            const Principal& principal = entry.second.principal;
            return principal.tenant == found->second.principal.tenant &&
                   principal.person == found->second.principal.person;
        });
        if (account == accounts_.end() || !account->second.is_enabled) co_return std::nullopt;
        StoredSession session = found->second;
        session.principal = account->second.principal;
        session.name = account->second.name;
        co_return session;
    }

    Answer<void> touch_session(Digest token, Time seen_at) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        ++touches_;
        const auto found = sessions_.find(token);
        if (found != sessions_.end()) {
            found->second.seen_at = std::max(found->second.seen_at, seen_at);
        }
        co_return Result<void>();
    }

    Answer<void> delete_session(Digest token) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        sessions_.erase(token);
        co_return Result<void>();
    }

    Answer<void> delete_sessions_of(TenantId tenant, AgentId agent) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        std::erase_if(sessions_, [&](const auto& entry) {
            const Principal& principal = entry.second.principal;
            return principal.tenant == tenant && principal.person.id == agent.value;
        });
        co_return Result<void>();
    }

private:
    static error_code unreachable() {
        return make_error_code(boost::system::errc::connection_refused);
    }

    mutable std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, AgentAccount> accounts_;
    std::map<Digest, StoredSession> sessions_;
    std::size_t touches_ = 0;
    bool is_reachable_ = true;
    bool fails_next_find_ = false;
};

}  // namespace switchboard
