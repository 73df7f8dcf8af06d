#include "bench/ledger.hpp"

#include <charconv>
#include <cstdio>
#include <random>

namespace switchboard {
namespace {

constexpr std::size_t faults_kept = 10;
constexpr std::size_t id_bytes = 36;
constexpr std::uint32_t openings_from = 0xF000'0000;

// The number that an id ends with; those of others are none of ours.
std::uint32_t number_of(const std::string& id) {
    std::uint32_t number = 0;
    if (id.size() != id_bytes) return openings_from;
    const auto [end, error] = std::from_chars(id.data() + 28, id.data() + id_bytes, number, 16);
    return error == std::errc() && end == id.data() + id_bytes ? number : openings_from;
}

}  // namespace

Ledger::Ledger(std::size_t pairs, std::size_t body_bytes)
    : places_(2 * pairs), body_bytes_(body_bytes), run_(std::random_device()()) {
    messages_.reserve(1 << 20);
}

std::uint32_t Ledger::write(std::size_t pair, Side author, BenchClock::time_point due) {
    Message message;
    message.due = due;
    message.pair = static_cast<std::uint32_t>(pair);
    message.author = author;
    messages_.push_back(message);
    return static_cast<std::uint32_t>(messages_.size() - 1);
}

std::uint32_t Ledger::opening(std::size_t pair) {
    return openings_from + static_cast<std::uint32_t>(pair);
}

// A UUIDv7, the later the higher.
const std::string& Ledger::id_of(std::uint32_t number) {
    using std::chrono::milliseconds;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    const auto ms =
        static_cast<std::uint64_t>(std::chrono::duration_cast<milliseconds>(now).count());
    char text[id_bytes + 1];
    std::snprintf(text,
                  sizeof text,
                  "%08x-%04x-7000-8%03x-%04x%08x",
                  static_cast<unsigned>(ms >> 16),
                  static_cast<unsigned>(ms & 0xffff),
                  static_cast<unsigned>(run_ >> 16 & 0xfff),
                  static_cast<unsigned>(run_ & 0xffff),
                  number);
    return id_ = text;
}

// Says which message it is, so that a changed body is another's.
const std::string& Ledger::text_of(std::uint32_t number) {
    text_ = std::to_string(number) + ' ';
    while (text_.size() < body_bytes_)
        text_ += static_cast<char>('a' + (text_.size() + number) % 26);
    return text_;
}

bool Ledger::acknowledge(std::uint32_t number, std::uint32_t seq, BenchClock::time_point now) {
    Message& message = messages_[number];
    if (message.acknowledged_seq != 0) fault("acknowledged twice");
    message.acknowledged_seq = seq;
    note(acknowledged_after_, message, now);
    return complete(message);
}

bool Ledger::show(std::size_t pair, Side to, const v1::Entry& entry, BenchClock::time_point now) {
    check_order(pair, to, entry);
    const auto number = number_of(entry.client_msg_id());
    if (number >= openings_from) return false;
    if (number >= messages_.size() || messages_[number].pair != pair) {
        fault("a message of nobody or of another conversation");
        return false;
    }
    Message& message = messages_[number];
    if (entry.text().text() != text_of(number)) fault("another text than was sent");
    const bool by_visitor = entry.author().kind() == v1::PERSON_KIND_VISITOR;
    if (by_visitor != (message.author == Side::visitor)) fault("another author");

    auto& next = at(pair, to).next_from[static_cast<std::size_t>(message.author)];
    if (number < next) fault("a sender's messages out of order");
    next = number + 1;
    if (to == message.author) {
        if (message.is_echoed) fault("shown to its author twice");
        message.is_echoed = true;
        return complete(message);
    }
    if (message.received_seq != 0) fault("received twice");
    message.received_seq = entry.seq();
    note(received_after_, message, now);
    return complete(message);
}

// Gapless from the first one that the side saw. What agents alone are shown has a seq as well, so a
// visitor's are not each one more than the last.
void Ledger::check_order(std::size_t pair, Side to, const v1::Entry& entry) {
    auto& last = at(pair, to).last_seq;
    const bool is_next = to == Side::visitor ? entry.seq() > last : entry.seq() == last + 1;
    if (last != 0 && (!is_next || entry.prev_seq() != last))
        fault("entry " + std::to_string(entry.seq()) + " after " + std::to_string(last));
    last = entry.seq();
}

bool Ledger::complete(const Message& message) {
    if (message.acknowledged_seq == 0 || message.received_seq == 0 || !message.is_echoed)
        return false;
    if (message.acknowledged_seq != message.received_seq)
        fault("acknowledged at another place than received");
    ++complete_;
    if (is_counting_) ++counted_;
    return true;
}

void Ledger::note(std::vector<float>& times, const Message& message, BenchClock::time_point now) {
    if (is_counting_)
        times.push_back(std::chrono::duration<float, std::micro>(now - message.due).count());
}

void Ledger::start_counting() {
    is_counting_ = true;
    counted_ = 0;
    acknowledged_after_.clear();
    received_after_.clear();
}

void Ledger::fault(const std::string& what) {
    ++fault_count_;
    if (faults_.size() < faults_kept) faults_.push_back(what);
}

}  // namespace switchboard
