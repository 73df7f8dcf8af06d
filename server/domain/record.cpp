#include "domain/record.hpp"

#include "domain/command.hpp"

namespace switchboard {
namespace {

constexpr std::size_t fixed_bytes = 128;  // about what a row costs without its text

std::size_t bytes_of(const std::vector<std::string>& texts) {
    std::size_t bytes = 0;
    for (const std::string& text : texts)
        bytes += text.size();
    return bytes;
}

// The texts of unbounded size; names and the like are within the fixed part.
struct TextBytes {
    std::size_t operator()(const Entry& entry) const { return entry.body.size(); }
    std::size_t operator()(const FormRecord& form) const {
        return form.note.size() + bytes_of(form.tags);
    }
    std::size_t operator()(const RatingRecord& rating) const { return rating.comment.size(); }
    std::size_t operator()(const SiteRecord& record) const { return bytes_of(record.site.origins); }
    std::size_t operator()(const StartConversation& start) const { return start.text.size(); }
    std::size_t operator()(const SendMessage& send) const { return send.text.size(); }
    std::size_t operator()(const ShowTyping& typing) const { return typing.draft.size(); }
    std::size_t operator()(const FillClosingForm& form) const {
        return form.note.size() + bytes_of(form.tags);
    }
    std::size_t operator()(const RateConversation& rate) const { return rate.comment.size(); }
    std::size_t operator()(const ConfigureSite& command) const {
        return bytes_of(command.site.origins);
    }
    std::size_t operator()(const auto&) const { return 0; }
};

}  // namespace

std::size_t size_of(const Record& record) { return fixed_bytes + std::visit(TextBytes{}, record); }

std::size_t size_of(const Command& command) {
    return fixed_bytes + std::visit(TextBytes{}, command.what);
}

}  // namespace switchboard
