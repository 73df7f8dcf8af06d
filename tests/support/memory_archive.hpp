#pragma once

#include <algorithm>
#include <map>

#include "tenants/archive.hpp"

namespace switchboard {

// What happened, in memory, for tests. Put all in before it is asked; then any thread.
class MemoryArchive final : public Archive {
public:
    void put(TenantId tenant, const StoredTalk& talk) {
        talks_[tenant][talk.conversation.id.value] = talk;
    }
    void put(TenantId tenant, const StoredBlock& block) {
        blocks_[tenant][block.block.id.value] = block;
    }

    Answer<std::vector<StoredTalk>> conversations(ConversationQuery query) override {
        std::vector<StoredTalk> rows;
        const auto& talks = talks_[query.tenant];
        for (auto at = talks.rbegin(); at != talks.rend(); ++at)
            if (fits(at->second, query) && rows.size() < static_cast<std::size_t>(query.limit))
                rows.push_back(at->second);
        co_return rows;
    }

    Answer<std::optional<StoredTalk>> find_conversation(TenantId tenant, PublicId id) override {
        for (const auto& [number, talk] : talks_[tenant])
            if (talk.conversation.public_id == id) co_return talk;
        co_return std::nullopt;
    }

    Answer<std::vector<StoredBlock>> blocks(BlockQuery query) override {
        std::vector<StoredBlock> rows;
        const auto& blocks = blocks_[query.tenant];
        for (auto at = blocks.rbegin(); at != blocks.rend(); ++at) {
            const bool is_older = !query.before || at->first < query.before.value;
            const bool is_wanted = query.with_lifted || !at->second.lifted_at;
            if (is_older && is_wanted && rows.size() < static_cast<std::size_t>(query.limit))
                rows.push_back(at->second);
        }
        co_return rows;
    }

    Answer<std::optional<StoredBlock>> find_block(TenantId tenant, PublicId id) override {
        for (const auto& [number, stored] : blocks_[tenant])
            if (stored.block.public_id == id) co_return stored;
        co_return std::nullopt;
    }

private:
    static bool fits(const StoredTalk& talk, const ConversationQuery& query) {
        const Conversation& row = talk.conversation;
        return (!query.before || row.id < query.before) &&
               (!query.state || row.state == *query.state) &&
               (!query.agent || row.agent == query.agent) &&
               (!query.site || row.site == query.site) &&
               (!query.from || row.opened_at >= *query.from) &&
               (!query.to || row.opened_at < *query.to);
    }

    std::map<TenantId, std::map<std::int64_t, StoredTalk>> talks_;
    std::map<TenantId, std::map<std::int64_t, StoredBlock>> blocks_;
};

}  // namespace switchboard
