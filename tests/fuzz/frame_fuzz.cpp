// Feeds bytes of a WebSocket message to the decoder: whatever they are, it must come back, and what
// it lets through must be within the bounds that everything behind it relies on. The first byte
// chooses the subprotocol.
#include <cstdlib>

#include "domain/text.hpp"
#include "wire/decode_command.hpp"

namespace {

using namespace switchboard;

void require(bool holds) {
    if (!holds) std::abort();
}

struct Checker {
    void operator()(const Hello& hello) const {
        require(is_storable_text(hello.token) && is_storable_text(hello.name));
        require(!hello.resume || hello.resume->positions.size() <= positions_max);
    }
    void operator()(const StartConversation& start) const { check(start.text); }
    void operator()(const SendMessage& send) const {
        require(bool(send.conversation));
        if (send.kind == EntryKind::link) require(send.text.find("://") != std::string::npos);
        check(send.text);
    }
    void operator()(const ReadEntries& read) const {
        require(read.after >= 0 && read.limit >= 1 && read.limit <= page_entries_max);
    }
    void operator()(const ReportProgress& report) const {
        require(report.seen >= 0 && report.seen <= report.delivered);
    }
    void operator()(const SetPresence& set) const {
        require(set.text.size() <= break_text_bytes_max && is_storable_text(set.text));
    }
    void operator()(const SetAway&) const {}
    void operator()(const ListBlocks&) const {}
    void operator()(const ShowLive&) const {}
    void operator()(const LiftBlock& lift) const { require(bool(lift.block)); }
    void operator()(const BlockVisitor& block) const {
        require(bool(block.conversation) != bool(block.visitor));
        require(block.reason.size() <= block_reason_bytes_max && is_storable_text(block.reason));
    }
    void operator()(const FillClosingForm& form) const {
        require(bool(form.conversation) && form.tags.size() <= tags_max);
        for (const auto& tag : form.tags)
            require(!tag.empty() && tag.size() <= tag_bytes_max && is_storable_text(tag));
        require(form.note.size() <= form_text_bytes_max && is_storable_text(form.note));
    }
    void operator()(const RateConversation& rate) const {
        require(bool(rate.conversation) && rate.stars >= 1 && rate.stars <= 5);
        require(rate.comment.size() <= form_text_bytes_max && is_storable_text(rate.comment));
    }
    void operator()(const View& view) const { require(view.conversations.size() <= viewed_max); }
    // Those that name a conversation and say no more.
    void operator()(const auto& about) const { require(bool(about.conversation)); }
    void operator()(const Refused& refused) const { require(!refused.field.empty()); }

    static void check(const std::string& text) {
        require(!text.empty() && text.size() <= text_bytes_max && is_storable_text(text));
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    std::uint32_t last_id = 0;
    const auto frames =
        decode_command(bytes, data[0] % 2 == 0 ? Encoding::binary : Encoding::json, last_id);
    if (!frames) return 0;
    require(!frames->empty() && frames->size() <= frames_max);
    for (const auto& frame : *frames)
        std::visit(Checker(), frame.what);
    return 0;
}
