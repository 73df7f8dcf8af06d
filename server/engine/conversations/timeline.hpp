#pragma once

#include <boost/container/small_vector.hpp>

#include <string>
#include <string_view>
#include <utility>

#include "engine/tenant_memory.hpp"
#include "engine/turn.hpp"

namespace switchboard {

// What somebody writes, before it has its place.
struct NewEntry {
    PersonView author;
    EntryKind kind = EntryKind::text;
    Visibility visibility = Visibility::all;
    std::optional<ClientMessageId> client_message_id;
    std::int64_t content_hash = 0;
    std::string body;
};

// Puts an entry at the end of a conversation: gives it pos and seq, brings the summary up to date
// (K2, K3), and publishes it to the visitor, if he may see it, and to the assigned agent.
// Returns what a sender is answered.
MessageStored append(TenantMemory& memory, Turn& turn, OpenTalk& talk, NewEntry entry);

// What they name is copied by whoever takes them.
using Parameters = boost::container::small_vector<std::pair<std::string_view, std::string_view>, 4>;

// What the server did: a code of docs/protocol.md and its parameters.
struct SystemLine {
    std::string_view code;
    Parameters parameters;
    Visibility visibility = Visibility::all;
};
void append_system(TenantMemory& memory, Turn& turn, OpenTalk& talk, const SystemLine& line);

// The parameters, one at least, as a JSON object of strings, as entries keep them. Their names are
// plain: no quote, backslash or control character.
std::string to_body(const Parameters& parameters);

}  // namespace switchboard
