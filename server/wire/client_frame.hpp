#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/command.hpp"
#include "domain/reply.hpp"
#include "wire/look.hpp"

namespace switchboard {

// How much of a conversation a client holds: everything up to `seq`.
struct Position {
    PublicId conversation;
    Seq seq = 0;

    bool operator==(const Position&) const = default;
};

// Continues a broken connection.
struct Resume {
    PublicId session;
    std::string lineage;
    std::vector<Position> positions;  // at most positions_max
};

// Who connects, as he says; nothing of it is proven yet.
struct Hello {
    std::string token;   // a visitor's; empty: a new one
    std::string ticket;  // an agent's
    std::string name;    // a new visitor's; may be empty
    KindSet kinds;
    std::optional<Resume> resume;
};

// Asks for a page of a conversation's timeline.
struct ReadEntries {
    PublicId conversation;
    Seq after = 0;
    int limit = 100;  // 1..page_entries_max
};

// Which conversations a connection has on its screen, and the one that is written in.
struct View {
    std::vector<PublicId> conversations;  // at most viewed_max
    PublicId focused;                     // one of them, or none
};

// One frame from a client, checked field by field. `Refused` stands for one whose fields are wrong.
// What only the connection knows is still to be filled in: principals, the conversation and the
// site of a start, the connection of an away, the id of a block.
struct ClientFrame {
    std::uint32_t id = 0;
    std::variant<Hello,
                 StartConversation,
                 SendMessage,
                 CloseConversation,
                 ReadEntries,
                 ReportProgress,
                 ShowTyping,
                 SetPresence,
                 SetAway,
                 ConfirmAssignment,
                 ClaimConversation,
                 SetInactive,
                 FinishWrapUp,
                 BlockVisitor,
                 LiftBlock,
                 ListBlocks,
                 FillClosingForm,
                 RateConversation,
                 ShowLive,
                 View,
                 Refused>
        what;
};

inline constexpr std::size_t message_bytes_max = 128 * 1024;  // of a WebSocket message
inline constexpr std::size_t frames_max = 64;                 // in one WebSocket message
inline constexpr int in_flight_max = 8;                       // unanswered commands of a connection
inline constexpr int confirmations_max = 24;                  // unanswered, beside those
inline constexpr int page_entries_max = 200;
inline constexpr std::size_t positions_max = 200;
inline constexpr std::size_t credential_bytes_max = 4096;
inline constexpr std::size_t name_bytes_max = 200;
inline constexpr std::size_t url_bytes_max = 2048;
inline constexpr std::size_t viewed_max = 4;
inline constexpr std::size_t tags_max = 20;
inline constexpr std::size_t tag_bytes_max = 64;
inline constexpr std::size_t form_text_bytes_max = 4096;  // a closing note, a rating's comment

}  // namespace switchboard
