#include "engine/conversations/timeline.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <cstring>

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

bool is_special(char c) { return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\'; }

constexpr std::uint64_t eight(unsigned char c) { return 0x0101010101010101u * c; }

// Whether one of eight bytes is below a value of at most 128.
constexpr bool has_below(std::uint64_t bytes, unsigned char value) {
    return ((bytes - eight(value)) & ~bytes & eight(0x80)) != 0;
}

bool has_special(const char* eight_bytes) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, eight_bytes, sizeof bytes);
    return has_below(bytes, ' ') || has_below(bytes ^ eight('"'), 1) ||
           has_below(bytes ^ eight('\\'), 1);
}

// Whether JSON takes it as it is. Eight bytes at a time: each part of each system line is asked so.
bool is_plain(std::string_view text) {
    const char* from = text.data();
    const char* const end = from + text.size();
    if (text.size() < 8) return std::none_of(from, end, is_special);
    for (; end - from >= 8; from += 8)
        if (has_special(from)) return false;
    return !has_special(end - 8);
}

// For what needs an escape: the library knows them, and costs more than all the rest of a line.
std::string escaped_body(const Parameters& parameters) {
    boost::json::object object;
    for (const auto& [key, value] : parameters)
        object.emplace(key, value);
    return boost::json::serialize(object);
}

}  // namespace

MessageStored append(TenantMemory& memory, Turn& turn, OpenTalk& talk, NewEntry made) {
    TimelineSummary& summary = talk.open.summary;
    const Conversation& conversation = talk.open.conversation;
    const Pos pos = turn.take_pos();
    Publication& publication = turn.publish();
    auto& view = std::get<EntryView>(publication.what);  // as it is made
    view.conversation = conversation.public_id;
    view.prev_seq = summary.last_seq;
    view.prev_public_seq = summary.last_public_seq;
    view.author = std::move(made.author);

    Entry& entry = view.entry;
    entry.conversation = conversation.id;
    entry.pos = pos;
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
    if (entry.visibility == Visibility::all) publication.to.push_back(talk.open.visitor);
    if (talk.desk != nullptr) publication.to.push_back(talk.desk->agent.public_id);
    if (entry.kind == EntryKind::text || entry.kind == EntryKind::link)
        note_message(summary, entry);
    turn.touch(conversation.id, Turn::Shown::timeline);
    turn.store(entry);
    return {conversation.public_id, entry.pos, entry.seq, entry.at};
}

std::string to_body(const Parameters& parameters) {
    constexpr std::size_t marks = std::string_view(R"({"":"")").size();  // beside key and value
    std::size_t size = 1;
    for (const auto& [key, value] : parameters) {
        if (!is_plain(value)) return escaped_body(parameters);
        size += marks + key.size() + value.size();
    }
    std::string body(size, '"');  // and everything else is put between
    char* to = body.data();
    for (const auto& [key, value] : parameters) {
        *to = to == body.data() ? '{' : ',';
        to += 2;
        to += key.copy(to, key.size()) + 1;
        *to++ = ':';
        to += 1;
        to += value.copy(to, value.size()) + 1;
    }
    *to = '}';
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
