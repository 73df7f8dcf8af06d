#include "engine/conversations/timeline.hpp"

#include <boost/json.hpp>

#include <algorithm>

#include "engine/views.hpp"

namespace switchboard {
namespace {

void turn_goes_to(TimelineSummary& summary, Awaiting who, Time now) {
    if (summary.awaiting == who) return;
    summary.awaiting = who;
    summary.awaiting_since = now;
}

// A public message by a person: it changes whose turn it is, and what the bar shows.
void note_message(TimelineSummary& summary, const Entry& entry) {
    summary.last_message_at = entry.at;
    if (entry.author.kind != PersonKind::visitor)
        return turn_goes_to(summary, Awaiting::visitor, entry.at);
    turn_goes_to(summary, Awaiting::agent, entry.at);
    summary.last_visitor_message = preview(entry.body);
    summary.unread.push_back(entry.seq);
}

void publish_entry(const TenantMemory& memory, Turn& turn, const OpenTalk& talk, EntryView view) {
    Publication publication;
    if (view.entry.visibility == Visibility::all) publication.to.push_back(talk.open.visitor);
    if (const Desk* desk = memory.staff.find(talk.agent()))
        publication.to.push_back(desk->agent.public_id);
    publication.what = std::move(view);
    turn.publish(std::move(publication));
}

constexpr std::size_t body_at_first = 128;  // an agent's id and name fit

// As JSON. Nearly none needs an escape, and the library's way costs more than all the rest of a
// line; it knows the escapes.
void append_string(std::string& to, std::string_view text) {
    const auto is_special = [](char c) {
        return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\';
    };
    if (std::ranges::any_of(text, is_special)) {
        to += boost::json::serialize(boost::json::string(text));
        return;
    }
    to += '"';
    to += text;
    to += '"';
}

}  // namespace

MessageStored append(TenantMemory& memory, Turn& turn, OpenTalk& talk, NewEntry made) {
    TimelineSummary& summary = talk.open.summary;
    const Conversation& conversation = talk.open.conversation;
    EntryView view;
    view.conversation = conversation.public_id;
    view.prev_seq = summary.last_seq;
    view.prev_public_seq = summary.last_public_seq;
    view.author = std::move(made.author);

    Entry& entry = view.entry;
    entry.conversation = conversation.id;
    entry.pos = turn.take_pos();
    entry.seq = ++summary.last_seq;
    entry.author = view.author.person;
    entry.kind = made.kind;
    entry.visibility = made.visibility;
    entry.at = turn.now();
    entry.client_message_id = made.client_message_id;
    entry.content_hash = made.content_hash;
    entry.body = std::move(made.body);
    memory.last_at = entry.at;

    if (entry.visibility == Visibility::all) summary.last_public_seq = entry.seq;
    if (entry.kind == EntryKind::text || entry.kind == EntryKind::link)
        note_message(summary, entry);

    const MessageStored stored{conversation.public_id, entry.pos, entry.seq, entry.at};
    turn.touch(conversation.id, Turn::Shown::timeline);
    turn.store(entry);
    publish_entry(memory, turn, talk, std::move(view));
    return stored;
}

std::string to_body(const Parameters& parameters) {
    std::string body;
    body.reserve(body_at_first);
    for (const auto& [key, value] : parameters) {
        body += body.empty() ? '{' : ',';
        append_string(body, key);
        body += ':';
        append_string(body, value);
    }
    body += '}';
    return body;
}

void append_system(TenantMemory& memory, Turn& turn, OpenTalk& talk, const SystemLine& line) {
    Parameters parameters{{"code", line.code}};
    parameters.insert(parameters.end(), line.parameters.begin(), line.parameters.end());
    NewEntry entry;
    entry.kind = EntryKind::system;
    entry.visibility = line.visibility;
    entry.body = to_body(parameters);
    append(memory, turn, talk, std::move(entry));
}

}  // namespace switchboard
