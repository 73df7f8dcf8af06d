#pragma once

#include "tenants/archive.hpp"

namespace switchboard {

class ConnectionPool;

// Archive over a pool of connections, which must outlive it.
class PostgresArchive : public Archive {
public:
    explicit PostgresArchive(ConnectionPool& pool) : pool_(pool) {}

    Answer<std::vector<StoredTalk>> conversations(ConversationQuery query) override;
    Answer<std::optional<StoredTalk>> find_conversation(TenantId tenant, PublicId id) override;
    Answer<std::vector<StoredBlock>> blocks(BlockQuery query) override;
    Answer<std::optional<StoredBlock>> find_block(TenantId tenant, PublicId id) override;

private:
    ConnectionPool& pool_;
};

}  // namespace switchboard
