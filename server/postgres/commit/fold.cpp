#include "postgres/commit/fold.hpp"

#include <algorithm>

namespace switchboard {
namespace {

// The record takes the place of an earlier one with an equal key, or the next one.
template <class Record, class KeyOf>
void keep_last(std::vector<const Record*>& list, const Record& record, const KeyOf& key_of) {
    const auto same = [&](const Record* earlier) { return key_of(*earlier) == key_of(record); };
    const auto found = std::ranges::find_if(list, same);
    if (found != list.end()) {
        *found = &record;
    } else {
        list.push_back(&record);
    }
}

struct Folder {
    FoldedBatch& folded;

    void operator()(const Entry& entry) { folded.entries.push_back(&entry); }
    void operator()(const VisitorRecord& visitor) { folded.visitors.push_back(&visitor); }
    void operator()(const BlockRecord& block) { folded.blocks.push_back(&block); }
    void operator()(const LiftRecord& lift) { folded.lifts.push_back(&lift); }
    void operator()(const MissedRecord& missed) { folded.missed.push_back(&missed); }

    void operator()(const ConversationRecord& record) {
        keep_last(folded.conversations, record, [](const auto& r) { return r.conversation.id; });
    }
    void operator()(const AttendanceRecord& record) {
        keep_last(folded.attendances, record, [](const auto& r) { return r.agent; });
    }
    void operator()(const FormRecord& record) {
        keep_last(folded.forms, record, [](const auto& r) { return r.conversation; });
    }
    void operator()(const RatingRecord& record) {
        keep_last(folded.ratings, record, [](const auto& r) { return r.conversation; });
    }
    void operator()(const GroupRecord& record) {
        keep_last(folded.groups, record, [](const auto& r) { return r.group.id; });
    }
    void operator()(const SiteRecord& record) {
        keep_last(folded.sites, record, [](const auto& r) { return r.site.id; });
    }
    void operator()(const SettingsRecord& record) { folded.settings.assign(1, &record); }

    void operator()(const ClaimRecord& record) {
        const auto found = std::ranges::find(folded.claims, record.id, &ClaimRecord::id);
        if (found == folded.claims.end()) {
            folded.claims.push_back(record);
            return;
        }
        const Admission admission = found->admission;
        *found = record;
        found->admission = admission;
    }

    void operator()(const LimitRecord& record) {
        const auto same = [&](const FoldedLimits& earlier) {
            return earlier.last.agent == record.agent && earlier.last.channel == record.channel;
        };
        const auto found = std::ranges::find_if(folded.limits, same);
        if (found == folded.limits.end()) {
            folded.limits.push_back({record, record.slots_max, record.slots_hard_max});
            return;
        }
        found->last = record;
        found->slots_max_highest = std::max(found->slots_max_highest, record.slots_max);
        found->slots_hard_max_highest =
            std::max(found->slots_hard_max_highest, record.slots_hard_max);
    }

    void operator()(const TotalLimitRecord& record) {
        const auto same = [&](const FoldedTotal& earlier) {
            return earlier.last.agent == record.agent;
        };
        const auto found = std::ranges::find_if(folded.totals, same);
        if (found == folded.totals.end()) {
            folded.totals.push_back({record, record.total_max});
            return;
        }
        const bool was_none = found->highest == 0 || record.total_max == 0;
        found->last = record;
        found->highest = was_none ? 0 : std::max(found->highest, record.total_max);
    }

    void operator()(const PresenceRecord& record) {
        FoldedPresence change{&record};
        const auto same = [&](const FoldedPresence& earlier) {
            return earlier.is_last && earlier.record->agent == record.agent &&
                   earlier.record->channel == record.channel;
        };
        const auto found = std::ranges::find_if(folded.presence, same);
        if (found != folded.presence.end()) {
            found->is_last = false;
            change.idle_pos = found->idle_pos;
        }
        if (record.turned_green) change.idle_pos = record.pos;
        folded.presence.push_back(change);
    }

    void operator()(const AccountRecord& record) {
        const auto same = [&](const AccountRecord& earlier) {
            return earlier.account.id == record.account.id;
        };
        const auto found = std::ranges::find_if(folded.accounts, same);
        if (found == folded.accounts.end()) {
            folded.accounts.push_back(record);
            return;
        }
        const std::string hash = found->account.password_hash;
        *found = record;
        if (record.account.password_hash.empty()) found->account.password_hash = hash;
    }

    void operator()(const PointerRecord& record) {
        const Pointer& pointer = record.pointer;
        const auto same = [&](const Pointer& earlier) {
            return earlier.conversation == pointer.conversation && earlier.person == pointer.person;
        };
        const auto found = std::ranges::find_if(folded.pointers, same);
        if (found == folded.pointers.end()) {
            folded.pointers.push_back(pointer);
            return;
        }
        found->delivered = std::max(found->delivered, pointer.delivered);
        found->seen = std::max(found->seen, pointer.seen);
    }
};

}  // namespace

void FoldedBatch::clear() {
    entries.clear();
    visitors.clear();
    conversations.clear();
    claims.clear();
    limits.clear();
    pointers.clear();
    presence.clear();
    totals.clear();
    attendances.clear();
    blocks.clear();
    lifts.clear();
    missed.clear();
    forms.clear();
    ratings.clear();
    groups.clear();
    sites.clear();
    accounts.clear();
    settings.clear();
}

void fold(const Batch& batch, FoldedBatch& folded) {
    folded.clear();
    Folder folder{folded};
    for (const Record& record : batch.records)
        std::visit(folder, record);
}

}  // namespace switchboard
