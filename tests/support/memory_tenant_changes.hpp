#pragma once

#include <algorithm>
#include <tuple>

#include "support/memory_tenant.hpp"

namespace switchboard {

// A batch folded to the final state per row.
struct MemoryTenant::Changes {
    struct Claim {
        ClaimRecord last;
        Admission admission = Admission::opened_earlier;  // of the first record
    };
    struct Limit {
        LimitRecord last;
        int slots_max = 0;  // the highest of the batch
        int slots_hard_max = 0;
    };
    struct Total {
        int last = 0;
        int highest = 0;  // 0: at some point there was none
    };

    // A batch whose positions are not in sequence is the caller's bug: std::logic_error.
    explicit Changes(const Batch& batch);

    std::vector<const VisitorRecord*> visitors;
    std::map<ConversationId, const ConversationRecord*> talks;
    std::vector<const Entry*> entries;
    std::map<ClaimId, Claim> claims;
    std::map<AgentOnChannel, Limit> limits;
    std::map<AgentId, Total> totals;
    std::map<std::pair<ConversationId, Person>, Pointer> pointers;
    std::vector<const PresenceRecord*> presence;
    std::vector<const AttendanceRecord*> attendances;
    std::vector<const BlockRecord*> blocks;
    std::vector<const LiftRecord*> lifts;
    std::vector<const MissedRecord*> missed;
    std::vector<const FormRecord*> forms;
    std::vector<const RatingRecord*> ratings;
    std::map<GroupId, Group> groups;
    std::map<SiteId, Site> sites;
    std::map<AgentId, Account> accounts;
    const SettingsRecord* settings = nullptr;
};

// A pointer never goes back.
void grow(Pointer& pointer, const Pointer& moved);

// Whether the claim assigns an agent to its conversation.
inline bool is_active(const ClaimRecord& claim) {
    return claim.active_pos && !claim.wrap_up_pos && !claim.to_pos;
}

// The order of MemoryTenant::sent.
inline bool sent_earlier(const SentMessage& a, const SentMessage& b) {
    return std::tie(a.id, a.sender) < std::tie(b.id, b.sender);
}

// The thing with this id in a list that is ascending by id, or the end of the list.
template <class List, class Id>
auto find_by_id(List& list, Id id) {
    const auto place =
        std::ranges::lower_bound(list, id, {}, [](const auto& thing) { return thing.id; });
    return place != list.end() && place->id == id ? place : list.end();
}

}  // namespace switchboard
