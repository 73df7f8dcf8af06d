#include <algorithm>

#include "support/memory_tenant_changes.hpp"
#include "support/sort_unique.hpp"

namespace switchboard {
namespace {

// What a person said to all: not a note, not the server's own words.
bool is_message(const Entry& entry) {
    return (entry.kind == EntryKind::text || entry.kind == EntryKind::link) &&
           entry.visibility == Visibility::all && entry.author.kind != PersonKind::system;
}

template <class Key, class Value>
const Value* look(const std::map<Key, Value>& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

TenantState MemoryTenant::load() const {
    TenantState state = configuration;
    state.log_pos = log_pos;
    state.last_at = last_at;
    for (auto& agent : state.agents) {
        const auto idle = idle_pos.find(agent.id);
        agent.idle_pos = idle == idle_pos.end() ? 0 : idle->second;
        for (auto at = slots.lower_bound({agent.id, Channel()});
             at != slots.end() && at->first.first == agent.id;
             ++at)
            agent.channels.push_back(at->second.row);
        const int* total = look(totals, agent.id);
        agent.total_max = total == nullptr ? 0 : *total;
    }
    for (const auto id : open_talks)
        state.conversations.push_back(open_conversation(talks.at(id)));
    for (const auto id : open_claims) {
        const ClaimRecord& claim = claims.at(id);
        state.claims.push_back({id,
                                claim.agent,
                                claim.conversation,
                                claim.channel,
                                claim.wrap_up_pos,
                                claim.wrap_up_until});
    }
    for (const auto& [id, block] : blocks)
        if (!lifts.contains(id)) state.blocks.push_back(block);
    const std::size_t left_out = sent.size() - std::min(sent.size(), configuration.sent_max);
    state.sent.assign(sent.begin() + static_cast<std::ptrdiff_t>(left_out), sent.end());
    if (left_out > 0) state.sent_before = sent[left_out - 1].id;
    return state;
}

TimelineSummary MemoryTenant::summary_of(const Talk& talk) const {
    Seq seen = 0;
    for (const auto& [who, pointer] : talk.pointers)
        if (who.kind == PersonKind::agent) seen = std::max(seen, pointer.seen);
    const Entry* last_by_visitor = nullptr;

    TimelineSummary summary;
    summary.awaiting_since = talk.row.opened_at;
    for (const auto& entry : talk.entries) {
        summary.last_seq = entry.seq;
        if (entry.visibility == Visibility::all) summary.last_public_seq = entry.seq;
        if (!is_message(entry)) continue;
        const bool by_visitor = entry.author.kind == PersonKind::visitor;
        const auto turn = by_visitor ? Awaiting::agent : Awaiting::visitor;
        summary.last_message_at = entry.at;
        if (turn != summary.awaiting) summary.awaiting_since = entry.at;
        summary.awaiting = turn;
        if (by_visitor) last_by_visitor = &entry;
        if (by_visitor && entry.seq > seen) summary.unread.push_back(entry.seq);
    }
    if (last_by_visitor != nullptr) summary.last_visitor_message = preview(last_by_visitor->body);
    return summary;
}

OpenConversation MemoryTenant::open_conversation(const Talk& talk) const {
    OpenConversation open;
    open.conversation = talk.row;
    if (const auto* visitor = look(visitors, talk.row.visitor)) {
        open.visitor = visitor->public_id;
        open.visitor_name = visitor->name;
    }
    open.summary = summary_of(talk);
    for (const auto& [who, pointer] : talk.pointers)
        open.pointers.push_back(pointer);
    return open;
}

Facts MemoryTenant::find(const LookUp& look_up) const {
    Facts facts;
    facts.asked = look_up;
    LookUp wanted = look_up;
    sort_unique(wanted.messages);
    for (const auto& id : wanted.messages) {
        const auto earlier = [](const SentMessage& m, const ClientMessageId& i) {
            return m.id < i;
        };
        for (auto at = std::lower_bound(sent.begin(), sent.end(), id, earlier);
             at != sent.end() && at->id == id;
             ++at)
            facts.messages.push_back(*at);
    }
    sort_unique(wanted.visitors);
    for (const auto& id : wanted.visitors) {
        const auto* found = look(visitor_ids, id);
        if (found == nullptr) continue;
        const VisitorRecord& visitor = visitors.at(*found);
        facts.visitors.push_back({visitor.id, visitor.public_id, visitor.name});
    }
    sort_unique(wanted.conversations);
    for (const auto& id : wanted.conversations) {
        const auto* found = look(talk_ids, id);
        if (found != nullptr) facts.conversations.push_back(stored_conversation(talks.at(*found)));
    }
    sort_unique(wanted.blocks);
    for (const auto& id : wanted.blocks)
        for (const auto& [number, block] : blocks)
            if (block.public_id == id) facts.blocks.push_back(block);
    return facts;
}

StoredConversation MemoryTenant::stored_conversation(const Talk& talk) const {
    StoredConversation stored;
    stored.public_id = talk.row.public_id;
    stored.id = talk.row.id;
    stored.access = {configuration.id, talk.row.visitor, talk.row.agent};
    stored.state = talk.row.state;
    stored.last_seq = talk.entries.empty() ? 0 : talk.entries.back().seq;
    stored.closed_at = talk.row.closed_at;
    if (const auto* visitor = look(visitors, talk.row.visitor)) {
        stored.visitor = visitor->public_id;
        stored.visitor_name = visitor->name;
    }
    return stored;
}

EntryPage MemoryTenant::read(const PageRequest& request) const {
    EntryPage page;
    const Talk* talk = look(talks, request.conversation);
    if (talk == nullptr) return page;
    EntryView view;
    view.conversation = talk->row.public_id;
    for (const auto& entry : talk->entries) {
        const bool is_public = entry.visibility == Visibility::all;
        if (entry.seq > request.after && (is_public || request.audience == Visibility::agents)) {
            page.more = page.entries.size() == static_cast<std::size_t>(request.limit);
            if (page.more) break;
            view.entry = entry;
            view.author = view_of(entry.author);
            page.entries.push_back(view);
        }
        view.prev_seq = entry.seq;
        if (is_public) view.prev_public_seq = entry.seq;
    }
    return page;
}

StoredHistory MemoryTenant::history() const {
    StoredHistory history;
    history.presence = presence;
    history.missed = missed;
    for (const auto& [block, lift] : lifts)
        history.lifts.push_back(lift);
    for (const auto& [talk, form] : forms)
        history.forms.push_back(form);
    for (const auto& [talk, rating] : ratings)
        history.ratings.push_back(rating);
    for (const auto& agent : configuration.agents) {
        const auto hash = password_hashes.find(agent.id);
        history.password_hashes.push_back(hash == password_hashes.end() ? "!" : hash->second);
    }
    return history;
}

PersonView MemoryTenant::view_of(const Person& who) const {
    if (who.kind == PersonKind::visitor) {
        const auto* visitor = look(visitors, VisitorId{who.id});
        return visitor == nullptr ? PersonView{who, {}, {}}
                                  : PersonView{who, visitor->public_id, visitor->name};
    }
    const Agent* found = agent(account_of(who));
    return found == nullptr ? PersonView{who, {}, {}}
                            : PersonView{who, found->public_id, found->name};
}

}  // namespace switchboard
