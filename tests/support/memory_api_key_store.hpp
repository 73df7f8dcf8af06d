#pragma once

#include <algorithm>
#include <mutex>
#include <vector>

#include "auth/api_key_store.hpp"

namespace switchboard {

// API keys in memory, for tests. Any thread.
class MemoryApiKeyStore final : public ApiKeyStore {
public:
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    // From now on every call fails, as if the database were gone; or no longer does.
    void set_reachable(bool is_reachable) {
        const std::lock_guard lock(mutex_);
        is_reachable_ = is_reachable;
    }

    Answer<StoredKey> add_key(StoredKey key) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto found = std::ranges::find(keys_, key.id, &StoredKey::id);
        if (found != keys_.end()) co_return *found;
        key.number = static_cast<std::int64_t>(keys_.size()) + 1;
        keys_.push_back(key);
        co_return key;
    }

    Answer<std::optional<StoredKey>> find_key(PublicId id) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto found = std::ranges::find(keys_, id, &StoredKey::id);
        if (found == keys_.end()) co_return std::nullopt;
        co_return *found;
    }

    Answer<std::vector<StoredKey>> keys(KeyQuery query) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        std::vector<StoredKey> found;
        for (auto at = keys_.rbegin(); at != keys_.rend(); ++at) {
            const bool is_older = query.before == 0 || at->number < query.before;
            const bool is_room = found.size() < static_cast<std::size_t>(query.limit);
            if (at->tenant == query.tenant && is_older && is_room) found.push_back(*at);
        }
        co_return found;
    }

    Answer<std::optional<StoredKey>> revoke_key(TenantId tenant, PublicId id, Time at) override {
        const std::lock_guard lock(mutex_);
        if (!is_reachable_) co_return unreachable();
        const auto found = std::ranges::find(keys_, id, &StoredKey::id);
        if (found == keys_.end() || found->tenant != tenant) co_return std::nullopt;
        if (!found->revoked_at) found->revoked_at = at;
        co_return *found;
    }

private:
    static error_code unreachable() {
        return make_error_code(boost::system::errc::connection_refused);
    }

    std::mutex mutex_;
    std::vector<StoredKey> keys_;  // by number
    bool is_reachable_ = true;
};

}  // namespace switchboard
