#include "engine/people/blocklist.hpp"

#include <utility>

namespace switchboard {

void Blocklist::add(Block block) {
    by_visitor_.emplace(block.visitor, block.id);
    by_public_id_.emplace(block.public_id, block.id);
    const BlockId id = block.id;
    blocks_.emplace(id, std::move(block));
}

void Blocklist::remove(BlockId id) {
    const auto found = blocks_.find(id);
    if (found == blocks_.end()) return;
    by_visitor_.erase(found->second.visitor);
    by_public_id_.erase(found->second.public_id);
    blocks_.erase(found);
}

const Block* Blocklist::find(BlockId id) const {
    const auto found = blocks_.find(id);
    return found == blocks_.end() ? nullptr : &found->second;
}

const Block* Blocklist::find(VisitorId visitor) const {
    const auto found = by_visitor_.find(visitor);
    return found == by_visitor_.end() ? nullptr : find(found->second);
}

const Block* Blocklist::find(const PublicId& public_id) const {
    const auto found = by_public_id_.find(public_id);
    return found == by_public_id_.end() ? nullptr : find(found->second);
}

}  // namespace switchboard
