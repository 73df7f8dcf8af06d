#pragma once

#include <optional>
#include <string>

#include "domain/person.hpp"
#include "domain/time.hpp"

namespace switchboard {

// Of a link the body is its address, http or https.
enum class EntryKind : std::uint8_t { text = 1, note = 2, system = 3, link = 4, block = 5 };

enum class Visibility : std::uint8_t { all = 1, agents = 2 };

// One line of a conversation's timeline; never changed once stored.
struct Entry {
    ConversationId conversation;
    Pos pos = 0;
    Seq seq = 0;
    Person author;
    EntryKind kind = EntryKind::text;
    Visibility visibility = Visibility::all;
    Time at;
    std::optional<ClientMessageId> client_message_id;  // none for what the server wrote itself
    std::int64_t content_hash = 0;  // start_hash() or send_hash() where there is a client id, or 0
    std::string body;  // UTF-8 without NUL; of a system or block entry a JSON object of strings

    bool operator==(const Entry&) const = default;
};

}  // namespace switchboard
