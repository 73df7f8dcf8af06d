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

// The same over all channels; the highest is 0 when at some point of the batch there was none.
struct FoldedTotal {
    TotalLimitRecord last;
    int highest = 0;
};

// Every change is kept. The last of an agent on a channel knows the last turn to green by intent.
struct FoldedPresence {
    const PresenceRecord* record;
    bool is_last = true;
    Pos idle_pos = 0;  // 0: none in this batch
};

// The records of a batch as the tables keep them: for each thing that can change within a batch
// one row with its last state. A claim keeps the admission of its first record, so that one opened
// and released in the same batch is still opened; a pointer keeps the highest of each number; an
// account the last hash that there was.
// What is not changed here is pointed to, not copied: the batch must outlive this.
struct FoldedBatch {
    std::vector<const Entry*> entries;
    std::vector<const VisitorRecord*> visitors;
    std::vector<const ConversationRecord*> conversations;
    std::vector<ClaimRecord> claims;
    std::vector<FoldedLimits> limits;
    std::vector<Pointer> pointers;
    std::vector<FoldedPresence> presence;
    std::vector<FoldedTotal> totals;
    std::vector<const AttendanceRecord*> attendances;
    std::vector<const BlockRecord*> blocks;
    std::vector<const LiftRecord*> lifts;
    std::vector<const MissedRecord*> missed;
    std::vector<const FormRecord*> forms;
    std::vector<const RatingRecord*> ratings;
    std::vector<const GroupRecord*> groups;
    std::vector<const SiteRecord*> sites;
    std::vector<AccountRecord> accounts;
    std::vector<const SettingsRecord*> settings;  // one or none

    void clear();
};

// Replaces what `folded` holds; the memory it has is used again. Quadratic in the records of a kind
// that change things, of which an ordinary batch has a handful and none more than 200.
void fold(const Batch& batch, FoldedBatch& folded);

}  // namespace switchboard
