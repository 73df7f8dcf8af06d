#include "wire/decode_command.hpp"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <limits>

#include "domain/text.hpp"
#include "switchboard/v1/frames.pb.h"
#include "wire/parse_json.hpp"

namespace switchboard {
namespace {

using What = decltype(ClientFrame::what);

constexpr std::size_t scratch_bytes_max = 256 * 1024;
constexpr std::size_t kinds_max = 64;
constexpr std::size_t lineage_bytes_max = 64;
constexpr int page_entries_default = 100;

Refused invalid(std::string_view field) { return {Refusal::invalid, field, {}}; }

bool fits(const std::string& text, std::size_t bytes_max) {
    return text.size() <= bytes_max && is_storable_text(text);
}

bool is_message_text(const std::string& text) {
    return !text.empty() && fits(text, text_bytes_max);
}

bool parse_id(const std::string& text, PublicId& id) {
    const auto bytes = parse_uuid(text);
    if (bytes) id.bytes = *bytes;
    return bytes && id;
}

bool parse_id(const std::string& text, ClientMessageId& id) {
    const auto bytes = parse_uuid(text);
    if (bytes) id.bytes = *bytes;
    return bytes && time_of(id).has_value();
}

bool parse_seq(std::uint32_t number, Seq& seq) {
    seq = static_cast<Seq>(number);
    return number <= static_cast<std::uint32_t>(std::numeric_limits<Seq>::max());
}

std::optional<Channel> to_channel(v1::Channel channel) {
    switch (channel) {
        case v1::CHANNEL_CHAT:
            return Channel::chat;
        case v1::CHANNEL_CALL:
            return Channel::call;
        case v1::CHANNEL_VIDEO:
            return Channel::video;
        case v1::CHANNEL_MESSAGING:
            return Channel::messaging;
        default:
            return std::nullopt;
    }
}

// Kinds of a later version are none of ours: we never send them.
void declare(KindSet& kinds, const std::string& name) {
    if (name == "note") kinds.add(EntryKind::note);
    if (name == "system") kinds.add(EntryKind::system);
}

What decode(v1::Resume& from, Hello hello) {
    auto& resume = hello.resume.emplace();
    if (!parse_id(from.session_id(), resume.session)) return invalid("resume.session_id");
    if (!fits(from.lineage(), lineage_bytes_max)) return invalid("resume.lineage");
    if (static_cast<std::size_t>(from.positions_size()) > positions_max)
        return invalid("resume.positions");
    for (const auto& each : from.positions()) {
        Position position;
        if (!parse_id(each.conversation_id(), position.conversation))
            return invalid("resume.positions.conversation_id");
        if (!parse_seq(each.seq(), position.seq)) return invalid("resume.positions.seq");
        resume.positions.push_back(position);
    }
    resume.lineage = std::move(*from.mutable_lineage());
    return hello;
}

What decode(v1::Hello& from) {
    Hello hello;
    if (!fits(from.token(), credential_bytes_max)) return invalid("token");
    if (!fits(from.ticket(), credential_bytes_max)) return invalid("ticket");
    if (!fits(from.name(), name_bytes_max)) return invalid("name");
    if (static_cast<std::size_t>(from.kinds_size()) > kinds_max) return invalid("kinds");
    for (const auto& kind : from.kinds())
        declare(hello.kinds, kind);
    hello.token = std::move(*from.mutable_token());
    hello.ticket = std::move(*from.mutable_ticket());
    hello.name = std::move(*from.mutable_name());
    if (from.has_resume()) return decode(*from.mutable_resume(), std::move(hello));
    return hello;
}

What decode(v1::StartConversation& from) {
    StartConversation start;
    const auto channel = to_channel(from.channel());
    if (!channel) return invalid("channel");
    if (!parse_id(from.client_msg_id(), start.client_message_id)) return invalid("client_msg_id");
    if (!is_message_text(from.text())) return invalid("text");
    start.channel = *channel;
    start.text = std::move(*from.mutable_text());
    return start;
}

What decode(v1::SendMessage& from) {
    SendMessage send;
    if (!parse_id(from.conversation_id(), send.conversation)) return invalid("conversation_id");
    if (!parse_id(from.client_msg_id(), send.client_message_id)) return invalid("client_msg_id");
    std::string* text = nullptr;
    switch (from.body_case()) {
        case v1::SendMessage::kText:
            send.kind = EntryKind::text;
            text = from.mutable_text()->mutable_text();
            break;
        case v1::SendMessage::kNote:
            send.kind = EntryKind::note;
            text = from.mutable_note()->mutable_text();
            break;
        case v1::SendMessage::BODY_NOT_SET:
            return invalid("body");
    }
    if (!is_message_text(*text)) return invalid("text");
    send.text = std::move(*text);
    return send;
}

What decode(const v1::CloseConversation& from) {
    CloseConversation close;
    if (!parse_id(from.conversation_id(), close.conversation)) return invalid("conversation_id");
    return close;
}

What decode(const v1::ReadEntries& from) {
    ReadEntries read;
    if (!parse_id(from.conversation_id(), read.conversation)) return invalid("conversation_id");
    if (!parse_seq(from.after_seq(), read.after)) return invalid("after_seq");
    if (from.limit() > static_cast<std::uint32_t>(page_entries_max)) return invalid("limit");
    read.limit = from.limit() == 0 ? page_entries_default : static_cast<int>(from.limit());
    return read;
}

What decode(const v1::ReportProgress& from) {
    ReportProgress report;
    if (!parse_id(from.conversation_id(), report.conversation)) return invalid("conversation_id");
    if (!parse_seq(from.delivered_seq(), report.delivered)) return invalid("delivered_seq");
    if (!parse_seq(from.seen_seq(), report.seen)) return invalid("seen_seq");
    report.delivered = std::max(report.delivered, report.seen);
    return report;
}

What decode(const v1::Typing& from) {
    ShowTyping typing;
    if (!parse_id(from.conversation_id(), typing.conversation)) return invalid("conversation_id");
    return typing;
}

// Nothing when the frame has no command, or one of a version after ours.
std::optional<What> decode(v1::ClientFrame& frame) {
    switch (frame.command_case()) {
        case v1::ClientFrame::kHello:
            return decode(*frame.mutable_hello());
        case v1::ClientFrame::kStart:
            return decode(*frame.mutable_start());
        case v1::ClientFrame::kSend:
            return decode(*frame.mutable_send());
        case v1::ClientFrame::kClose:
            return decode(frame.close());
        case v1::ClientFrame::kRead:
            return decode(frame.read());
        case v1::ClientFrame::kReport:
            return decode(frame.report());
        case v1::ClientFrame::kTyping:
            return decode(frame.typing());
        case v1::ClientFrame::COMMAND_NOT_SET:
            break;
    }
    return std::nullopt;
}

bool parse(std::string_view bytes, Encoding encoding, v1::ClientFrames& frames) {
    if (encoding == Encoding::json) return parse_json(bytes, frames);
    return frames.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

// Reused, because building a message costs more than parsing one; protobuf would report broken
// bytes on stderr, where a client must not be able to write.
v1::ClientFrames& scratch() {
    static const bool quiet = (google::protobuf::SetLogHandler(nullptr), true);
    static_cast<void>(quiet);
    thread_local v1::ClientFrames frames;
    return frames;
}

// Clear() keeps the memory, of which hostile bytes can claim sixteen times their size. To ask how
// much it is costs more than to decode a message, so it is asked when it could be too much.
void bound_scratch(v1::ClientFrames& message, std::size_t decoded_bytes) {
    thread_local std::size_t claimed_max = 0;  // since it was known
    claimed_max += 16 * decoded_bytes;
    if (claimed_max <= scratch_bytes_max) return;
    if (message.SpaceUsedLong() > scratch_bytes_max) message = v1::ClientFrames();
    claimed_max = 0;
}

boost::system::result<std::vector<ClientFrame>, CloseCode> decode(v1::ClientFrames& message,
                                                                  std::uint32_t& last_id) {
    const auto count = static_cast<std::size_t>(message.frames_size());
    if (count == 0 || count > frames_max) return CloseCode::bad_frame;
    std::vector<ClientFrame> frames;
    frames.reserve(count);
    for (auto& each : *message.mutable_frames()) {
        if (each.id() <= last_id) return CloseCode::bad_frame;
        last_id = each.id();
        auto what = decode(each);
        if (!what) return CloseCode::bad_frame;
        frames.push_back({each.id(), std::move(*what)});
    }
    return frames;
}

}  // namespace

boost::system::result<std::vector<ClientFrame>, CloseCode> decode_command(std::string_view bytes,
                                                                          Encoding encoding,
                                                                          std::uint32_t& last_id) {
    if (bytes.size() > message_bytes_max) return CloseCode::too_big;
    auto& message = scratch();
    if (!parse(bytes, encoding, message)) {
        message = v1::ClientFrames();
        return CloseCode::not_the_subprotocol;
    }
    auto frames = decode(message, last_id);
    message.Clear();
    bound_scratch(message, bytes.size());
    return frames;
}

}  // namespace switchboard
