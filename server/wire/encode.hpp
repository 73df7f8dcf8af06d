#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "domain/publication.hpp"
#include "domain/reply.hpp"
#include "wire/client_frame.hpp"
#include "wire/look.hpp"

namespace switchboard {

// One encoded frame, shared by every connection it goes to. Several make one WebSocket message
// without being encoded again; see pieces_of_message().
using Frame = std::shared_ptr<const std::string>;

// What a hello is answered with.
struct Welcome {
    PublicId session;
    std::string token;  // for the visitor to keep; empty when his is good enough
    Time server_now;
    std::chrono::milliseconds heartbeat_interval{15'000};
    WelcomeView view;
};

// Said to all that the connection is alive, and how far each conversation has come.
struct Heartbeat {
    Time server_now;
    std::vector<Position> heads;
};

struct Resync {};

struct GoAway {
    std::chrono::milliseconds reconnect_after{0};
};

// The frames of a message as one piece of memory each: what encloses and parts them is added. The
// pieces point into `frames` and at literals.
void pieces_of_message(Encoding encoding,
                       std::span<const Frame> frames,
                       std::vector<std::string_view>& pieces);

// Replies to the frame `id`. What the audience of `look` must not see is left out.
Frame encode_welcome(std::uint32_t id, const Welcome& welcome, const Look& look);
Frame encode_stored(std::uint32_t id, const MessageStored& stored, Encoding encoding);
Frame encode_closed(std::uint32_t id, const ConversationClosed& closed, Encoding encoding);
Frame encode_done(std::uint32_t id, Encoding encoding);
Frame encode_blocked(std::uint32_t id, const Blocked& blocked, Encoding encoding);
Frame encode_refused(std::uint32_t id,
                     const Refused& refused,
                     std::chrono::milliseconds retry_after,  // 0: not known
                     Encoding encoding);

// A page, ended early (`more` is then set) where it would not fit a WebSocket message.
Frame encode_page(std::uint32_t id,
                  std::span<const EntryView> entries,
                  bool more,
                  const Look& look);

// What may be long, as replies that each fit a WebSocket message: all but the last say that more
// comes. At least one.
std::vector<Frame> encode_live(std::uint32_t id, const LiveView& live, const Look& look);
std::vector<Frame> encode_blocks(std::uint32_t id, const BlocksView& blocks, Encoding encoding);

// Events. An entry, a summary… that comes alone or that only one connection sees; for what many
// see there is Rendition. Null when the audience must not see it.
Frame encode_publication(const Publication& publication, const Look& look);
Frame encode_heartbeat(const Heartbeat& heartbeat, Encoding encoding);
Frame encode_resync(Encoding encoding);
Frame encode_go_away(const GoAway& go_away, Encoding encoding);

}  // namespace switchboard
