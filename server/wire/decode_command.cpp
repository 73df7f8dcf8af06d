#include "wire/decode_command.hpp"

#include <google/protobuf/stubs/logging.h>

#include <algorithm>

#include "switchboard/v1/frames.pb.h"
#include "wire/decode_field.hpp"
#include "wire/parse_json.hpp"

namespace switchboard {
namespace {

using What = decltype(ClientFrame::what);

constexpr std::size_t scratch_bytes_max = 256 * 1024;
constexpr std::size_t kinds_max = 64;
constexpr std::size_t lineage_bytes_max = 64;
constexpr int page_entries_default = 100;

Refused invalid(std::string_view field) {
    Refused refused;
    refused.field = field;
    return refused;
}

// Kinds of a later version are none of ours: we never send them.
void declare(KindSet& kinds, const std::string& name) {
    if (name == "note") kinds.add(EntryKind::note);
    if (name == "system") kinds.add(EntryKind::system);
    if (name == "link") kinds.add(EntryKind::link);
    if (name == "block") kinds.add(EntryKind::block);
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
    switch (from.body_case()) {
        case v1::SendMessage::kText:
            send.kind = EntryKind::text;
            send.text = std::move(*from.mutable_text()->mutable_text());
            break;
        case v1::SendMessage::kNote:
            send.kind = EntryKind::note;
            send.text = std::move(*from.mutable_note()->mutable_text());
            break;
        case v1::SendMessage::kLink:
            send.kind = EntryKind::link;
            send.text = std::move(*from.mutable_link()->mutable_url());
            if (!is_link(send.text)) return invalid("url");
            break;
        case v1::SendMessage::BODY_NOT_SET:
            return invalid("body");
    }
    if (!is_message_text(send.text)) return invalid("text");
    return send;
}

// A command that says of which conversation, and no more.
template <class Command>
What decode_about(const std::string& conversation_id) {
    Command command;
    if (!parse_id(conversation_id, command.conversation)) return invalid("conversation_id");
    return command;
}

What decode(v1::Typing& from) {
    ShowTyping typing;
    if (!parse_id(from.conversation_id(), typing.conversation)) return invalid("conversation_id");
    if (!fits(from.draft(), draft_bytes_max)) return invalid("draft");
    typing.draft = std::move(*from.mutable_draft());
    return typing;
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

What decode(v1::SetPresence& from) {
    SetPresence set;
    if (!from.agent_id().empty() && !parse_id(from.agent_id(), set.agent))
        return invalid("agent_id");
    set.channel = to_channel(from.channel());
    if (!set.channel && from.channel() != v1::CHANNEL_UNSPECIFIED) return invalid("channel");
    const auto intent = to_intent(from.intent());
    if (!intent) return invalid("intent");
    if (!fits(from.text(), break_text_bytes_max)) return invalid("text");
    set.intent = *intent;
    set.text = std::move(*from.mutable_text());
    return set;
}

What decode(v1::BlockVisitor& from) {
    BlockVisitor block;
    switch (from.whom_case()) {
        case v1::BlockVisitor::kConversationId:
            if (!parse_id(from.conversation_id(), block.conversation))
                return invalid("conversation_id");
            break;
        case v1::BlockVisitor::kVisitorId:
            if (!parse_id(from.visitor_id(), block.visitor)) return invalid("visitor_id");
            break;
        case v1::BlockVisitor::WHOM_NOT_SET:
            return invalid("whom");
    }
    if (from.has_expires_at()) {
        block.expires_at = to_time(from.expires_at());
        if (!block.expires_at) return invalid("expires_at");
    }
    if (!fits(from.reason(), block_reason_bytes_max)) return invalid("reason");
    block.reason = std::move(*from.mutable_reason());
    return block;
}

What decode(const v1::LiftBlock& from) {
    LiftBlock lift;
    if (!parse_id(from.block_id(), lift.block)) return invalid("block_id");
    return lift;
}

What decode(v1::FillClosingForm& from) {
    FillClosingForm form;
    if (!parse_id(from.conversation_id(), form.conversation)) return invalid("conversation_id");
    if (static_cast<std::size_t>(from.tags_size()) > tags_max) return invalid("tags");
    for (auto& tag : *from.mutable_tags()) {
        if (tag.empty() || !fits(tag, tag_bytes_max)) return invalid("tags");
        form.tags.push_back(std::move(tag));
    }
    if (!fits(from.note(), form_text_bytes_max)) return invalid("note");
    form.note = std::move(*from.mutable_note());
    return form;
}

What decode(v1::RateConversation& from) {
    RateConversation rate;
    if (!parse_id(from.conversation_id(), rate.conversation)) return invalid("conversation_id");
    if (from.stars() < 1 || from.stars() > 5) return invalid("stars");
    if (!fits(from.comment(), form_text_bytes_max)) return invalid("comment");
    rate.stars = static_cast<int>(from.stars());
    rate.comment = std::move(*from.mutable_comment());
    return rate;
}

What decode(const v1::View& from) {
    View view;
    if (static_cast<std::size_t>(from.conversation_ids_size()) > viewed_max)
        return invalid("conversation_ids");
    for (const auto& each : from.conversation_ids()) {
        if (!parse_id(each, view.conversations.emplace_back())) return invalid("conversation_ids");
    }
    if (from.focused_id().empty()) return view;
    if (!parse_id(from.focused_id(), view.focused)) return invalid("focused_id");
    if (std::ranges::find(view.conversations, view.focused) == view.conversations.end())
        return invalid("focused_id");
    return view;
}

// Nothing when the frame has no command, or one of a version after ours.
std::optional<What> decode(v1::ClientFrame& frame) {
    using Case = v1::ClientFrame::CommandCase;
    switch (frame.command_case()) {
        case Case::kHello:
            return decode(*frame.mutable_hello());
        case Case::kStart:
            return decode(*frame.mutable_start());
        case Case::kSend:
            return decode(*frame.mutable_send());
        case Case::kClose:
            return decode_about<CloseConversation>(frame.close().conversation_id());
        case Case::kRead:
            return decode(frame.read());
        case Case::kReport:
            return decode(frame.report());
        case Case::kTyping:
            return decode(*frame.mutable_typing());
        case Case::kSetPresence:
            return decode(*frame.mutable_set_presence());
        case Case::kSetAway:
            return SetAway{{}, frame.set_away().away()};
        case Case::kConfirm:
            return decode_about<ConfirmAssignment>(frame.confirm().conversation_id());
        case Case::kClaim:
            return decode_about<ClaimConversation>(frame.claim().conversation_id());
        case Case::kSetInactive:
            return decode_about<SetInactive>(frame.set_inactive().conversation_id());
        case Case::kFinishWrapUp:
            return decode_about<FinishWrapUp>(frame.finish_wrap_up().conversation_id());
        case Case::kBlock:
            return decode(*frame.mutable_block());
        case Case::kLiftBlock:
            return decode(frame.lift_block());
        case Case::kListBlocks:
            return ListBlocks{};
        case Case::kFillForm:
            return decode(*frame.mutable_fill_form());
        case Case::kRate:
            return decode(*frame.mutable_rate());
        case Case::kWatch:
            return ShowLive{frame.watch().agents(), frame.watch().queue()};
        case Case::kView:
            return decode(frame.view());
        case Case::COMMAND_NOT_SET:
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
v1::ClientFrames& reused_frames() {
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
    auto& message = reused_frames();
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
