#include "engine/conversations/timeline.hpp"

#include <boost/json.hpp>

#include <array>

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
    std::array<unsigned char, 1024> memory;  // more is taken from the heap
    boost::json::monotonic_resource resource(memory.data(), memory.size());
    boost::json::object body(&resource);
    body.reserve(parameters.size());
    for (const auto& [key, value] : parameters)
        body.emplace(key, value);
    return boost::json::serialize(body);
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
