#pragma once

#include "auth/api_key_store.hpp"

namespace switchboard {

class ConnectionPool;

// ApiKeyStore over a pool of connections, which must outlive it.
class PostgresApiKeyStore : public ApiKeyStore {
public:
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    explicit PostgresApiKeyStore(ConnectionPool& pool) : pool_(pool) {}

    Answer<StoredKey> add_key(StoredKey key) override;
    Answer<std::optional<StoredKey>> find_key(PublicId id) override;
    Answer<std::vector<StoredKey>> keys(KeyQuery query) override;
    Answer<std::optional<StoredKey>> revoke_key(TenantId tenant, PublicId id, Time at) override;

private:
    ConnectionPool& pool_;
};

}  // namespace switchboard
