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
        check(send.text);
    }
    void operator()(const CloseConversation& close) const { require(bool(close.conversation)); }
    void operator()(const ReadEntries& read) const {
        require(read.after >= 0 && read.limit >= 1 && read.limit <= page_entries_max);
    }
    void operator()(const ReportProgress& report) const {
        require(report.seen >= 0 && report.seen <= report.delivered);
    }
    void operator()(const ShowTyping& typing) const { require(bool(typing.conversation)); }
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
