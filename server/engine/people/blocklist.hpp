#pragma once

#include <map>

#include "domain/block.hpp"

namespace switchboard {

// The visitors who are not served now (B1).
class Blocklist {
public:
    // One whose ids no other block has, of a visitor who is not blocked.
    void add(Block block);
    void remove(BlockId id);

    // Nothing: not blocked, or no such block.
    const Block* find(VisitorId visitor) const;
    const Block* find(BlockId id) const;
    const Block* find(const PublicId& public_id) const;

    const std::map<BlockId, Block>& all() const { return blocks_; }

private:
    std::map<BlockId, Block> blocks_;
    std::map<VisitorId, BlockId> by_visitor_;
    std::map<PublicId, BlockId> by_public_id_;
};

}  // namespace switchboard
