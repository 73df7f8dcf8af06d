#include "support/random_batches.hpp"

#include <algorithm>

namespace switchboard {

int RandomBatches::below(int bound) {
    return static_cast<int>(random_() % static_cast<std::uint64_t>(bound));
}

Batch RandomBatches::next(const TenantState& state, std::int64_t epoch) {
    Draft draft;
    draft.state = state;
    draft.batch.tenant = state.id;
    draft.batch.fence = {epoch, state.log_pos};
    claims_then_ = claims_;
    for (int left = 1 + below(6); left > 0; --left) {
        auto& talks = draft.state.conversations;
        if (talks.empty() || once_in(6)) {
            add_start(draft);
            continue;
        }
        auto& talk = talks[static_cast<std::size_t>(below(static_cast<int>(talks.size())))];
        switch (below(14)) {
            case 0:
                add_close(draft, talk);
                break;
            case 1:
                add_pointer(draft, talk);
                break;
            case 2:
            case 3:
                add_claim(draft, talk);
                break;
            case 4:
                add_change(draft, talk);
                break;
            case 5:
            case 6:
            case 7:
                add_people(draft, talk);
                break;
            case 8:
                add_configuration(draft);
                break;
            default:
                add_entry(draft, talk);
        }
    }
    if (draft.batch.records.empty()) add_start(draft);
    if (once_in(8)) spoil(draft);
    return draft.batch;
}

void RandomBatches::add_start(Draft& draft) {
    OpenConversation talk;
    const VisitorId visitor{draft.next_pos()};
    talk.visitor = any_public_id();
    talk.visitor_name = any_text();
    visitors_.push_back(talk.visitor);
    draft.add(VisitorRecord{visitor, talk.visitor, talk.visitor_name, now()});

    auto& row = talk.conversation;
    row.id = ConversationId{draft.next_pos()};
    row.public_id = any_public_id();
    row.visitor = visitor;
    row.site = draft.state.sites.front().id;
    row.channel = any_channel();
    row.ticket = row.id.value;
    row.opened_at = row.queued_at = now();
    row.patient = once_in(4);
    talks_.push_back(row.public_id);
    draft.add(ConversationRecord{row.id.value, row});
    draft.add(entry_of(draft, talk, person(visitor)));
    draft.state.conversations.push_back(talk);
}

void RandomBatches::add_entry(Draft& draft, OpenConversation& talk) {
    Person author = person(talk.conversation.visitor);
    if (once_in(2)) author = person(any_agent(draft.state));
    if (once_in(8)) author = Person();
    if (once_in(16)) author.kind = PersonKind::manager;
    draft.add(entry_of(draft, talk, author));
}

Entry RandomBatches::entry_of(Draft& draft, OpenConversation& talk, Person author) {
    Entry entry;
    entry.conversation = talk.conversation.id;
    entry.pos = draft.next_pos();
    entry.seq = ++talk.summary.last_seq;
    entry.author = author;
    entry.body = any_text();
    microseconds_ += 1 + below(3'000'000);
    entry.at = now();
    if (author.kind == PersonKind::system) {
        entry.kind = EntryKind::system;
        entry.body = R"({"code":"test"})";
        if (once_in(2)) entry.visibility = Visibility::agents;
        return entry;
    }
    if (once_in(6)) entry.kind = EntryKind::link;
    if (author.kind != PersonKind::visitor && once_in(4)) {
        entry.kind = EntryKind::note;
        entry.visibility = Visibility::agents;
    }
    entry.client_message_id = any_message_id();
    entry.content_hash = static_cast<std::int64_t>(random_());
    return entry;
}

void RandomBatches::add_pointer(Draft& draft, const OpenConversation& talk) {
    Pointer pointer;
    pointer.conversation = talk.conversation.id;
    pointer.person = person(any_agent(draft.state));
    if (once_in(3)) pointer.person = person(talk.conversation.visitor);
    pointer.delivered = below(talk.summary.last_seq + 1);
    pointer.seen = below(pointer.delivered + 1);
    draft.add(PointerRecord{pointer});
}

// A new claim: often for who has one, sometimes for a full agent; the table must find both out.
void RandomBatches::add_claim(Draft& draft, OpenConversation& talk) {
    const ConversationId id = talk.conversation.id;
    const auto assigned = std::find_if(claims_then_.begin(), claims_then_.end(), [&](auto& known) {
        return known.second.conversation == id && !known.second.wrap_up_pos;
    });
    if (assigned != claims_then_.end() && !once_in(5)) return add_change(draft, talk);
    ClaimRecord claim;
    claim.pos = draft.next_pos();
    claim.id = ClaimId{claim.pos};
    claim.agent = any_agent(draft.state);
    claim.conversation = talk.conversation.id;
    claim.channel = talk.conversation.channel;
    claim.admission = once_in(3) ? Admission::returning : Admission::new_work;
    if (!once_in(4)) claim.active_pos = claim.pos;
    claims_then_[claim.id] = claim;
    draft.add(claim);

    auto& row = talk.conversation;
    row.state = once_in(4) ? ConversationState::inactive : ConversationState::active;
    row.agent = claim.agent;
    row.assigned_at = now();
    row.joined_at = maybe_now();
    row.inactive_at = maybe_now();
    row.left_at = maybe_now();
    draft.add(ConversationRecord{draft.next_pos(), row});
}

// Some claim of the conversation goes on: accepted, in wrap-up, or released.
void RandomBatches::add_change(Draft& draft, OpenConversation& talk) {
    const auto found = std::find_if(claims_then_.begin(), claims_then_.end(), [&](auto& known) {
        return known.second.conversation == talk.conversation.id;
    });
    if (found == claims_then_.end()) return add_entry(draft, talk);
    ClaimRecord claim = found->second;
    claim.pos = draft.next_pos();
    claim.admission = Admission::opened_earlier;
    if (!claim.active_pos && once_in(2)) {
        claim.active_pos = claim.pos;
    } else if (claim.active_pos && !claim.wrap_up_pos && once_in(2)) {
        claim.wrap_up_pos = claim.pos;
        claim.wrap_up_until = maybe_now();
    } else {
        claim.to_pos = claim.pos;
    }
    if (claim.to_pos) {
        claims_then_.erase(found);
    } else {
        found->second = claim;
    }
    draft.add(claim);
}

void RandomBatches::add_close(Draft& draft, OpenConversation& talk) {
    auto row = talk.conversation;
    row.state = ConversationState::closed;
    row.closed_at = now();
    row.closed_by = once_in(2) ? person(row.visitor) : anybody(draft.state);
    row.close_reason = static_cast<CloseReason>(1 + below(7));
    draft.add(ConversationRecord{draft.next_pos(), row});
    while (std::any_of(claims_then_.begin(), claims_then_.end(), [&](auto& known) {
        return known.second.conversation == row.id && !known.second.wrap_up_pos;
    }))
        add_change(draft, talk);
    std::erase_if(draft.state.conversations,
                  [&](const OpenConversation& other) { return other.conversation.id == row.id; });
}

void RandomBatches::spoil(Draft& draft) {
    auto& records = draft.batch.records;
    auto& record = records[static_cast<std::size_t>(below(static_cast<int>(records.size())))];
    if (auto* entry = std::get_if<Entry>(&record)) {
        const auto& sent = draft.state.sent;
        if (once_in(3)) {
            entry->body += "\xC3(";
        } else if (once_in(2) || sent.empty()) {
            entry->seq = 1;
        } else {
            const auto& old = sent[static_cast<std::size_t>(below(static_cast<int>(sent.size())))];
            entry->client_message_id = old.id;
            if (!once_in(3)) entry->author = old.sender;
        }
    } else if (auto* claim = std::get_if<ClaimRecord>(&record)) {
        if (once_in(2)) claim->agent = any_agent(draft.state);
        if (claim->admission == Admission::opened_earlier) ++claim->id.value;
    } else if (auto* visitor = std::get_if<VisitorRecord>(&record)) {
        visitor->name += '\xFF';
    } else if (auto* limit = std::get_if<LimitRecord>(&record)) {
        limit->slots_hard_max = limit->slots_max - 1;
    } else if (auto* total = std::get_if<TotalLimitRecord>(&record)) {
        total->total_max = -1;
    } else if (auto* change = std::get_if<PresenceRecord>(&record)) {
        if (once_in(2)) change->channel = Channel::video;
        if (once_in(2)) change->wish.text += '\xFF';
    } else if (auto* lift = std::get_if<LiftRecord>(&record)) {
        ++lift->block.value;
    } else if (auto* rating = std::get_if<RatingRecord>(&record)) {
        rating->stars = 6;
    } else if (auto* form = std::get_if<FormRecord>(&record)) {
        form->tags.push_back("\xFF");
    } else if (auto* account = std::get_if<AccountRecord>(&record)) {
        account->account.groups.push_back(GroupId{99});
    }
}

LookUp RandomBatches::look_up(const TenantState& state) {
    LookUp wanted;
    const auto pick = [this](const auto& from, auto& to) {
        if (!from.empty()) to.push_back(from[random_() % from.size()]);
    };
    for (int left = below(8); left > 0; --left) {
        pick(visitors_, wanted.visitors);
        pick(talks_, wanted.conversations);
        if (!state.sent.empty())
            wanted.messages.push_back(state.sent[random_() % state.sent.size()].id);
    }
    if (once_in(2)) wanted.messages.push_back(any_message_id());
    if (once_in(2)) wanted.visitors.push_back(any_public_id());
    if (once_in(2)) wanted.conversations.push_back(any_public_id());
    return wanted;
}

AgentId RandomBatches::any_agent(const TenantState& state) {
    return state.agents[random_() % state.agents.size()].id;
}

Person RandomBatches::anybody(const TenantState& state) {
    return once_in(3) ? Person() : person(any_agent(state));
}

std::optional<Time> RandomBatches::maybe_now() {
    if (once_in(2)) return std::nullopt;
    return now();
}

std::vector<std::string> RandomBatches::any_texts() {
    std::vector<std::string> texts;
    for (int left = below(4); left > 0; --left)
        texts.push_back(any_text());
    return texts;
}

std::string RandomBatches::any_text() {
    static const std::vector<std::string> words{"hello",
                                                "\"quoted\"",
                                                "back\\slash",
                                                "NULL",
                                                "{a,b}",
                                                "ünïcödé",
                                                "日本語",
                                                "🙂",
                                                "line\nbreak",
                                                "tab\t",
                                                "' OR 1=1 --",
                                                "\\x00",
                                                "%s",
                                                "\xE2\x80\xA8"};
    std::string text;
    for (int left = below(6); left > 0; --left)
        text += words[random_() % words.size()] + (once_in(2) ? " " : "");
    if (once_in(20)) {
        for (int left = 150 + below(100); left > 0; --left)
            text += "é";
    }
    return text;
}

// Mostly in order, as clocks are; sometimes long before.
ClientMessageId RandomBatches::any_message_id() {
    ClientMessageId id;
    auto ms = static_cast<std::uint64_t>(microseconds_ / 1000);
    if (once_in(5)) ms -= static_cast<std::uint64_t>(below(100'000'000));
    for (int i = 5; i >= 0; --i, ms >>= 8)
        id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms);
    for (std::size_t i = 6; i < 16; ++i)
        id.bytes[i] = static_cast<std::uint8_t>(random_());
    id.bytes[6] = static_cast<std::uint8_t>(0x70 | (id.bytes[6] & 15));
    return id;
}

PublicId RandomBatches::any_public_id() {
    PublicId id;
    for (auto& byte : id.bytes)
        byte = static_cast<std::uint8_t>(random_());
    return id;
}

}  // namespace switchboard
