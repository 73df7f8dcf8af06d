#pragma once

#include <string>
#include <variant>
#include <vector>

#include "domain/entry.hpp"
#include "domain/principal.hpp"

namespace switchboard {

// One socket of a person, by the id of its session and how often that session was resumed.
struct Connection {
    PublicId session;
    std::int64_t generation = 0;  // a lower one than the known is stale

    bool operator==(const Connection&) const = default;
};

// The principal's socket is up: he is connected while one of his connections lives.
struct Connect {
    Connection connection;
    SiteId site;       // a visitor's
    std::string name;  // a visitor's display name, used when he is stored for the first time
};

struct Disconnect {
    Connection connection;
};

struct StartConversation {
    PublicId conversation;  // minted at the edge
    SiteId site;
    Channel channel = Channel::chat;
    ClientMessageId client_message_id;
    std::string text;
};

struct SendMessage {
    PublicId conversation;
    ClientMessageId client_message_id;
    EntryKind kind = EntryKind::text;  // text or note
    std::string text;
};

struct CloseConversation {
    PublicId conversation;
};

struct ReportProgress {
    PublicId conversation;
    Seq delivered = 0;
    Seq seen = 0;
};

struct ShowTyping {
    PublicId conversation;
};

struct SetLimits {
    AgentId agent;
    Channel channel = Channel::chat;
    bool enabled = true;
    int slots_max = 1;       // 1..100
    int slots_hard_max = 1;  // slots_max..100
};

struct Command {
    Principal principal;
    std::variant<Connect,
                 Disconnect,
                 StartConversation,
                 SendMessage,
                 CloseConversation,
                 ReportProgress,
                 ShowTyping,
                 SetLimits>
        what;
};

inline constexpr std::size_t text_bytes_max = 16 * 1024;

// The bytes a command counts towards the bounds of a mailbox.
std::size_t size_of(const Command& command);

}  // namespace switchboard
