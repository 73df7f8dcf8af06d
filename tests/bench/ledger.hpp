#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "switchboard/v1/conversation.pb.h"
#include "switchboard/v1/frames.pb.h"

namespace switchboard {

using BenchClock = std::chrono::steady_clock;

enum class Side : std::uint8_t { visitor = 0, agent = 1 };

inline Side other(Side side) { return side == Side::visitor ? Side::agent : Side::visitor; }

// Every message of a run and what became of it. Each conversation is a pair; a message is shown to
// both sides and acknowledged to its author. Whatever is lost, doubled, out of order or altered is
// a fault: a server that is fast because it is wrong does not pass.
class Ledger {
public:
    explicit Ledger(std::size_t pairs, std::size_t body_bytes);

    // A new message that should be sent at `due`; its number.
    std::uint32_t write(std::size_t pair, Side author, BenchClock::time_point due);
    // The first message of a pair, which is not counted.
    static std::uint32_t opening(std::size_t pair);

    std::size_t pair_of(std::uint32_t number) const { return messages_[number].pair; }
    Side author_of(std::uint32_t number) const { return messages_[number].author; }
    const std::string& id_of(std::uint32_t number);  // good until the next call
    const std::string& text_of(std::uint32_t number);

    // Each returns true when the message is complete with that: acknowledged and received.
    bool acknowledge(std::uint32_t number, std::uint32_t seq, BenchClock::time_point now);
    bool show(std::size_t pair, Side to, const v1::Entry& entry, BenchClock::time_point now);

    std::uint32_t last_seq(std::size_t pair, Side side) const { return at(pair, side).last_seq; }

    // From here on completed messages and their times count.
    void start_counting();
    void stop_counting() { is_counting_ = false; }
    std::size_t counted() const { return counted_; }

    std::size_t written() const { return messages_.size(); }
    std::size_t incomplete() const { return messages_.size() - complete_; }

    void fault(const std::string& what);
    std::size_t faults() const { return fault_count_; }
    const std::vector<std::string>& first_faults() const { return faults_; }

    // Microseconds from when they should have been sent, in no order.
    std::vector<float>& acknowledged_after() { return acknowledged_after_; }
    std::vector<float>& received_after() { return received_after_; }

private:
    struct Message {
        BenchClock::time_point due;
        std::uint32_t pair = 0;
        Side author = Side::visitor;
        bool is_echoed = false;
        std::uint32_t acknowledged_seq = 0;
        std::uint32_t received_seq = 0;
    };
    struct Place {  // of one side in a pair
        std::uint32_t last_seq = 0;
        std::uint32_t next_from[2] = {0, 0};  // no message of that author with a lower number
    };

    Place& at(std::size_t pair, Side side) { return places_[2 * pair + std::size_t(side)]; }
    const Place& at(std::size_t pair, Side side) const {
        return places_[2 * pair + std::size_t(side)];
    }
    bool complete(const Message& message);
    void check_order(std::size_t pair, Side to, const v1::Entry& entry);
    void note(std::vector<float>& times, const Message& message, BenchClock::time_point now);

    std::vector<Message> messages_;  // by number
    std::vector<Place> places_;
    std::string id_;
    std::string text_;
    std::size_t body_bytes_;
    std::uint64_t run_;  // tells the ids of this run from others'
    std::size_t complete_ = 0;
    std::size_t counted_ = 0;
    bool is_counting_ = false;
    std::vector<float> acknowledged_after_;
    std::vector<float> received_after_;
    std::size_t fault_count_ = 0;
    std::vector<std::string> faults_;
};

}  // namespace switchboard
