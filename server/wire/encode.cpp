#include "wire/encode.hpp"

#include "domain/text.hpp"
#include "wire/print_json.hpp"
#include "wire/to_message.hpp"

namespace switchboard {
namespace {

// A page leaves room in a WebSocket message for its neighbours' frames and its own fields.
constexpr std::size_t page_bytes_max = 112 * 1024;
constexpr std::size_t entry_bytes = 512;  // at most, beside body and name
constexpr std::size_t summary_bytes = 1024;
constexpr std::size_t line_bytes = 256;
constexpr std::size_t presence_bytes = 512;
constexpr std::size_t block_bytes = 512;
constexpr std::size_t json_bytes_per_byte = 6;  // "\u0001"

// Reused, because building a message costs more than encoding one.
v1::ServerFrame& reused_frame() {
    thread_local v1::ServerFrame frame;
    frame.Clear();
    return frame;
}

// For what is sent with every message: not even cleared, whoever uses it sets every field. Each
// kind has its own, because a oneof that changes its case builds that message anew.
template <class Kind>
v1::ServerFrame& scratch_of() {
    thread_local v1::ServerFrame frame;
    return frame;
}

// Binary frames are encoded as the one element of a ServerFrames, so that they stand in a message
// as they are.
Frame to_frame(const v1::ServerFrame& message, Encoding encoding) {
    if (encoding == Encoding::json) {
        thread_local std::string json;
        json.clear();
        append_json(json, message);
        return std::make_shared<const std::string>(json);
    }
    constexpr char tag = (v1::ServerFrames::kFramesFieldNumber << 3) | 2;
    const auto size = message.ByteSizeLong();
    std::string bytes;
    bytes.reserve(size + 6);
    bytes += tag;
    for (auto rest = size; rest > 0 || bytes.size() == 1; rest >>= 7)
        bytes += static_cast<char>(rest < 128 ? rest : (rest & 127) | 128);
    const auto start = bytes.size();
    bytes.resize(start + size);
    message.SerializeWithCachedSizesToArray(reinterpret_cast<std::uint8_t*>(bytes.data() + start));
    return std::make_shared<const std::string>(std::move(bytes));
}

v1::Reply& reply_to(v1::ServerFrame& frame, std::uint32_t id) {
    auto& reply = *frame.mutable_reply();
    reply.set_id(id);
    return reply;
}

// At most what these take in a message.
std::size_t bytes_max(std::size_t fixed, std::size_t text, Encoding encoding) {
    return fixed + text * (encoding == Encoding::json ? json_bytes_per_byte : 1);
}
std::size_t bytes_max(const EntryView& view, Encoding encoding) {
    return bytes_max(entry_bytes, view.entry.body.size() + view.author.name.size(), encoding);
}
std::size_t bytes_max(const SummaryView& view, Encoding encoding) {
    const auto text = view.visitor.name.size() + view.agent.name.size() +
                      view.timeline.last_visitor_message.size();
    return bytes_max(summary_bytes, text, encoding);
}
std::size_t bytes_max(const LiveView::AgentLine& line, Encoding encoding) {
    std::size_t text = line.agent.name.size();
    for (const auto& each : line.presence)
        text += each.wish.text.size();
    return bytes_max(line_bytes + line.presence.size() * presence_bytes, text, encoding);
}
std::size_t bytes_max(const Block& block, Encoding encoding) {
    return bytes_max(block_bytes, block.reason.size() + block.visitor_name.size(), encoding);
}

// A reply in as many parts as it takes. `Body` is the reply's message, with a list or two and
// `more`.
template <class Body>
class Parts {
public:
    using Mutable = Body* (v1::Reply::*)();

    Parts(std::uint32_t id, Encoding encoding, Mutable mutable_body)
        : id_(id), encoding_(encoding), mutable_body_(mutable_body) {
        begin();
    }

    // Where the next element goes, which takes at most so many bytes.
    Body& next(std::size_t bytes) {
        if (bytes_ > 0 && bytes_ + bytes > page_bytes_max) {
            body().set_more(true);
            end();
            begin();
        }
        bytes_ += bytes;
        return body();
    }

    std::vector<Frame> all() {
        end();
        return std::move(frames_);
    }

private:
    Body& body() { return *(frame_.mutable_reply()->*mutable_body_)(); }
    void begin() {
        frame_.Clear();
        reply_to(frame_, id_);
        body();
        bytes_ = 0;
    }
    void end() { frames_.push_back(to_frame(frame_, encoding_)); }

    std::uint32_t id_;
    Encoding encoding_;
    Mutable mutable_body_;
    v1::ServerFrame frame_;
    std::size_t bytes_ = 0;  // at most, of what is in frame_
    std::vector<Frame> frames_;
};

// The frame of each view that a publication can hold, filled.
struct Filler {
    Pos pos;
    const Look& look;

    v1::ServerFrame& operator()(const EntryView& view) const {
        auto& frame = frame_of<EntryView>();
        fill(*frame.mutable_event()->mutable_entry(), view, look);
        return frame;
    }
    v1::ServerFrame& operator()(const SummaryView& view) const {
        auto& frame = frame_of<SummaryView>();
        fill(*frame.mutable_event()->mutable_summary(), view, look);
        return frame;
    }
    v1::ServerFrame& operator()(const PresenceView& view) const {
        auto& frame = frame_of<PresenceView>();
        fill(*frame.mutable_event()->mutable_presence(), view);
        return frame;
    }
    v1::ServerFrame& operator()(const PointerView& view) const {
        auto& frame = frame_of<PointerView>();
        fill(*frame.mutable_event()->mutable_pointer(), view);
        return frame;
    }
    v1::ServerFrame& operator()(const QueuePlaceView& view) const {
        auto& frame = frame_of<QueuePlaceView>();
        fill(*frame.mutable_event()->mutable_queue_place(), view);
        return frame;
    }
    v1::ServerFrame& operator()(const AvailabilityView& view) const {
        auto& frame = frame_of<AvailabilityView>();
        fill(*frame.mutable_event()->mutable_availability(), view);
        return frame;
    }
    v1::ServerFrame& operator()(const TypingView& view) const {
        auto& frame = frame_of<TypingView>();
        fill(*frame.mutable_event()->mutable_typing(), view, look);
        return frame;
    }

    template <class View>
    v1::ServerFrame& frame_of() const {
        auto& frame = scratch_of<View>();
        frame.mutable_event()->set_pos(std::to_string(pos));
        return frame;
    }
};

}  // namespace

void pieces_of_message(Encoding encoding,
                       std::span<const Frame> frames,
                       std::vector<std::string_view>& pieces) {
    pieces.clear();
    const bool json = encoding == Encoding::json;
    if (json) pieces.emplace_back(R"({"frames":[)");
    for (const auto& frame : frames) {
        if (json && pieces.size() > 1) pieces.emplace_back(",");
        pieces.emplace_back(*frame);
    }
    if (json) pieces.emplace_back("]}");
}

Frame encode_welcome(std::uint32_t id, const Welcome& welcome, const Look& look) {
    auto& frame = reused_frame();
    fill(*reply_to(frame, id).mutable_welcome(), welcome, look);
    return to_frame(frame, look.encoding);
}

Frame encode_stored(std::uint32_t id, const MessageStored& stored, Encoding encoding) {
    auto& frame = scratch_of<MessageStored>();
    fill(*reply_to(frame, id).mutable_stored(), stored);
    return to_frame(frame, encoding);
}

Frame encode_closed(std::uint32_t id, const ConversationClosed& closed, Encoding encoding) {
    auto& frame = reused_frame();
    reply_to(frame, id).mutable_closed()->set_conversation_id(to_text(closed.conversation));
    return to_frame(frame, encoding);
}

Frame encode_done(std::uint32_t id, Encoding encoding) {
    auto& frame = reused_frame();
    reply_to(frame, id).mutable_done();
    return to_frame(frame, encoding);
}

Frame encode_blocked(std::uint32_t id, const Blocked& blocked, Encoding encoding) {
    auto& frame = reused_frame();
    reply_to(frame, id).mutable_blocked()->set_block_id(to_text(blocked.block));
    return to_frame(frame, encoding);
}

Frame encode_refused(std::uint32_t id,
                     const Refused& refused,
                     std::chrono::milliseconds retry_after,
                     Encoding encoding) {
    auto& frame = reused_frame();
    auto& error = *reply_to(frame, id).mutable_error();
    const auto& known = info(refused.reason);
    const auto detail = refused.field.empty() ? known.text : refused.field;
    error.set_code(known.code.data(), known.code.size());
    error.set_detail(detail.data(), detail.size());
    error.set_retry_after_ms(static_cast<std::uint32_t>(retry_after.count()));
    if (refused.open_conversation) error.set_conversation_id(to_text(refused.open_conversation));
    if (refused.taken_by.public_id) fill(*error.mutable_taken_by(), refused.taken_by);
    return to_frame(frame, encoding);
}

Frame encode_page(std::uint32_t id,
                  std::span<const EntryView> entries,
                  bool more,
                  const Look& look) {
    auto& frame = reused_frame();
    auto& page = *reply_to(frame, id).mutable_entries();
    std::size_t bytes = 0;
    for (const auto& entry : entries) {
        if (!is_visible(entry, look)) continue;
        bytes += bytes_max(entry, look.encoding);
        if (bytes > page_bytes_max) {
            more = true;
            break;
        }
        fill(*page.add_entries(), entry, look);
    }
    page.set_more(more);
    return to_frame(frame, look.encoding);
}

std::vector<Frame> encode_live(std::uint32_t id, const LiveView& live, const Look& look) {
    Parts<v1::Live> parts(id, look.encoding, &v1::Reply::mutable_live);
    for (const auto& each : live.agents)
        fill(*parts.next(bytes_max(each, look.encoding)).add_agents(), each);
    for (const auto& each : live.queue)
        fill(*parts.next(bytes_max(each, look.encoding)).add_queue(), each, look);
    return parts.all();
}

std::vector<Frame> encode_blocks(std::uint32_t id, const BlocksView& blocks, Encoding encoding) {
    Parts<v1::Blocks> parts(id, encoding, &v1::Reply::mutable_blocks);
    for (const auto& each : blocks.blocks)
        fill(*parts.next(bytes_max(each, encoding)).add_blocks(), each);
    return parts.all();
}

Frame encode_publication(const Publication& publication, const Look& look) {
    const auto* entry = std::get_if<EntryView>(&publication.what);
    if (entry != nullptr && !is_visible(*entry, look)) return nullptr;
    if (look.audience == Visibility::all && std::holds_alternative<PresenceView>(publication.what))
        return nullptr;  // a colour is nobody's business but the tenant's own
    return to_frame(std::visit(Filler{publication.pos, look}, publication.what), look.encoding);
}

Frame encode_heartbeat(const Heartbeat& heartbeat, Encoding encoding) {
    auto& frame = reused_frame();
    fill(*frame.mutable_event()->mutable_heartbeat(), heartbeat);
    return to_frame(frame, encoding);
}

Frame encode_resync(Encoding encoding) {
    auto& frame = reused_frame();
    frame.mutable_event()->mutable_resync();
    return to_frame(frame, encoding);
}

Frame encode_go_away(const GoAway& go_away, Encoding encoding) {
    auto& frame = reused_frame();
    frame.mutable_event()->mutable_go_away()->set_reconnect_after_ms(
        static_cast<std::uint32_t>(go_away.reconnect_after.count()));
    return to_frame(frame, encoding);
}

}  // namespace switchboard
