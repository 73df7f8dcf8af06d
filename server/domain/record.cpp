#include "domain/record.hpp"

#include "domain/command.hpp"

namespace switchboard {
namespace {

constexpr std::size_t fixed_bytes = 128;  // about what a row costs without its text

}  // namespace

std::size_t size_of(const Record& record) {
    const auto* entry = std::get_if<Entry>(&record);
    return fixed_bytes + (entry != nullptr ? entry->body.size() : 0);
}

std::size_t size_of(const Command& command) {
    const auto* start = std::get_if<StartConversation>(&command.what);
    const auto* send = std::get_if<SendMessage>(&command.what);
    return fixed_bytes + (start != nullptr ? start->text.size() : 0) +
           (send != nullptr ? send->text.size() : 0);
}

}  // namespace switchboard
