#include "postgres/commit/fold.hpp"

#include <algorithm>

namespace switchboard {
namespace {

struct Folder {
    FoldedBatch& folded;

    void operator()(const Entry& entry) { folded.entries.push_back(&entry); }
    void operator()(const VisitorRecord& visitor) { folded.visitors.push_back(&visitor); }

    void operator()(const ConversationRecord& record) {
        const auto same = [&](const ConversationRecord* earlier) {
            return earlier->conversation.id == record.conversation.id;
        };
        const auto found = std::ranges::find_if(folded.conversations, same);
        if (found != folded.conversations.end()) {
            *found = &record;
        } else {
            folded.conversations.push_back(&record);
        }
    }

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
}

void fold(const Batch& batch, FoldedBatch& folded) {
    folded.clear();
    Folder folder{folded};
    for (const Record& record : batch.records)
        std::visit(folder, record);
}

}  // namespace switchboard
