#include "support/memory_tenant_changes.hpp"

#include <stdexcept>

namespace switchboard {
namespace {

struct PosOf {
    std::optional<Pos> operator()(const PointerRecord&) const { return std::nullopt; }
    std::optional<Pos> operator()(const VisitorRecord& visitor) const { return visitor.id.value; }
    std::optional<Pos> operator()(const auto& record) const { return record.pos; }
};

// A pos that was used before is for the tables to refuse; any other disorder is the caller's bug.
void check_positions(const Batch& batch) {
    Pos next = batch.fence.pos + 1;
    for (const auto& record : batch.records) {
        const auto pos = std::visit(PosOf{}, record);
        if (!pos) continue;
        if (*pos > batch.fence.pos && *pos != next)
            throw std::logic_error("the positions of a batch are not in sequence");
        ++next;
    }
    if (next != batch.fence.pos + 1 + batch.positions)
        throw std::logic_error("a batch does not take the positions that it says");
}

template <class Changes>
struct Folder {
    Changes& changes;

    void operator()(const VisitorRecord& visitor) { changes.visitors.push_back(&visitor); }
    void operator()(const Entry& entry) { changes.entries.push_back(&entry); }
    void operator()(const PresenceRecord& change) { changes.presence.push_back(&change); }
    void operator()(const AttendanceRecord& record) { changes.attendances.push_back(&record); }
    void operator()(const BlockRecord& block) { changes.blocks.push_back(&block); }
    void operator()(const LiftRecord& lift) { changes.lifts.push_back(&lift); }
    void operator()(const MissedRecord& missed) { changes.missed.push_back(&missed); }
    void operator()(const FormRecord& form) { changes.forms.push_back(&form); }
    void operator()(const RatingRecord& rating) { changes.ratings.push_back(&rating); }
    void operator()(const GroupRecord& record) { changes.groups[record.group.id] = record.group; }
    void operator()(const SiteRecord& record) { changes.sites[record.site.id] = record.site; }
    void operator()(const SettingsRecord& record) { changes.settings = &record; }

    void operator()(const ConversationRecord& talk) { changes.talks[talk.conversation.id] = &talk; }

    void operator()(const ClaimRecord& claim) {
        const auto [place, is_first] = changes.claims.try_emplace(claim.id);
        if (is_first) place->second.admission = claim.admission;
        place->second.last = claim;
    }
    void operator()(const LimitRecord& limit) {
        auto& folded = changes.limits[{limit.agent, limit.channel}];
        folded.last = limit;
        folded.slots_max = std::max(folded.slots_max, limit.slots_max);
        folded.slots_hard_max = std::max(folded.slots_hard_max, limit.slots_hard_max);
    }
    void operator()(const TotalLimitRecord& total) {
        const auto [place, is_first] = changes.totals.try_emplace(total.agent);
        auto& folded = place->second;
        folded.last = total.total_max;
        const bool was_none = !is_first && folded.highest == 0;
        folded.highest = is_first ? total.total_max : std::max(folded.highest, total.total_max);
        if (was_none || total.total_max == 0) folded.highest = 0;
    }
    void operator()(const AccountRecord& record) {
        Account& folded = changes.accounts[record.account.id];
        const std::string hash = folded.password_hash;
        folded = record.account;
        if (folded.password_hash.empty()) folded.password_hash = hash;
    }
    void operator()(const PointerRecord& moved) {
        grow(changes.pointers[{moved.pointer.conversation, moved.pointer.person}], moved.pointer);
    }
};

}  // namespace

void grow(Pointer& pointer, const Pointer& moved) {
    const Pointer old = pointer;
    pointer = moved;
    pointer.delivered = std::max(old.delivered, moved.delivered);
    pointer.seen = std::max(old.seen, moved.seen);
}

MemoryTenant::Changes::Changes(const Batch& batch) {
    check_positions(batch);
    Folder<Changes> folder{*this};
    for (const auto& record : batch.records)
        std::visit(folder, record);
}

}  // namespace switchboard
