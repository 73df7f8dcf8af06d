#pragma once

#include <vector>

#include "tenants/tenant_log.hpp"

namespace switchboard {

// The limits of an agent on a channel after a batch, and the highest of all that it set.
struct FoldedLimits {
    LimitRecord last;
    int slots_max_highest = 0;
    int slots_hard_max_highest = 0;
};

// The records of a batch as the tables keep them: for each thing that can change within a batch
// one row with its last state. A claim keeps the admission of its first record, so that one opened
// and released in the same batch is still opened; a pointer keeps the highest of each number.
// What never changes (entries, visitors) is pointed to, not copied: the batch must outlive this.
struct FoldedBatch {
    std::vector<const Entry*> entries;
    std::vector<const VisitorRecord*> visitors;
    std::vector<const ConversationRecord*> conversations;
    std::vector<ClaimRecord> claims;
    std::vector<FoldedLimits> limits;
    std::vector<Pointer> pointers;

    void clear();
};

// Replaces what `folded` holds; the memory it has is used again. Quadratic in the claims,
// conversations, limits and pointers of the batch, of which an ordinary one has a handful and none
// more than 200.
void fold(const Batch& batch, FoldedBatch& folded);

}  // namespace switchboard
