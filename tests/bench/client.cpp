#include "bench/client.hpp"

#include <google/protobuf/util/json_util.h>

#include <algorithm>

namespace switchboard {
namespace {

namespace json = google::protobuf::util;

// One at a time is built and sent, or received and read.
v1::ClientFrames& out() {
    static v1::ClientFrames frames;
    return frames;
}

v1::ServerFrames& in() {
    static v1::ServerFrames frames;
    return frames;
}

bool parse(std::string_view bytes, bool is_json, v1::ServerFrames& frames) {
    if (!is_json) return frames.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    frames.Clear();
    json::JsonParseOptions options;
    options.ignore_unknown_fields = true;
    return json::JsonStringToMessage({bytes.data(), bytes.size()}, &frames, options).ok();
}

}  // namespace

Client::Client(Poller& poller,
               const Endpoint& endpoint,
               v1::Hello hello,
               std::size_t talks_max,
               ClientEvents& events)
    : events_(events),
      is_json_(endpoint.json),
      hello_(std::move(hello)),
      window_(in_flight_max - std::min(talks_max, in_flight_max - 1)),
      socket_(poller, endpoint, *this) {}

void Client::opened() {
    *add_frame().mutable_hello() = std::move(hello_);
    hello_ = {};
    transmit();
}

void Client::open(std::uint32_t number, const std::string& id, const std::string& text) {
    auto& frame = add_frame();
    auto& start = *frame.mutable_start();
    start.set_channel(v1::CHANNEL_CHAT);
    start.set_client_msg_id(id);
    start.set_text(text);
    unanswered_.emplace_back(frame.id(), number);
    transmit();
}

void Client::send(std::uint32_t number, const Talk& talk, Ledger& ledger) {
    ledger_ = &ledger;
    if (unanswered_.size() < window_) return transmit(number, talk, ledger);
    waiting_.push_back({number, talk.pair});
}

void Client::transmit(std::uint32_t number, const Talk& talk, Ledger& ledger) {
    auto& frame = add_frame();
    auto& send = *frame.mutable_send();
    send.set_conversation_id(talk.conversation);
    send.set_client_msg_id(ledger.id_of(number));
    send.mutable_text()->set_text(ledger.text_of(number));
    unanswered_.emplace_back(frame.id(), number);
    transmit();
}

void Client::close(const Talk& talk) {
    add_frame().mutable_close()->set_conversation_id(talk.conversation);
    transmit();
}

// Nothing tells when a report is carried out but the answer to what was sent after it.
void Client::report(const Ledger& ledger) {
    if (reported_id_ != 0 && answered_id_ < reported_id_) return;
    for (auto& talk : talks) {
        const auto seq = ledger.last_seq(talk.pair, side);
        if (seq <= talk.reported_seq) continue;
        talk.reported_seq = seq;
        auto& report = *add_frame().mutable_report();
        report.set_conversation_id(talk.conversation);
        report.set_delivered_seq(seq);
        report.set_seen_seq(seq);
    }
    if (out().frames_size() == 0) return;
    reported_id_ = last_id_;
    transmit();
}

v1::ClientFrame& Client::add_frame() {
    auto& frame = *out().add_frames();
    frame.set_id(++last_id_);
    return frame;
}

void Client::transmit() {
    static std::string bytes;
    if (is_json_) {
        bytes.clear();
        static_cast<void>(json::MessageToJsonString(out(), &bytes));  // ours can be shown
    } else {
        out().SerializeToString(&bytes);
    }
    out().Clear();
    socket_.send(bytes);
}

void Client::received(std::string_view message) {
    auto& frames = in();
    if (!parse(message, is_json_, frames)) return events_.failed(*this, "a message of no schema");
    for (const auto& frame : frames.frames()) {
        if (frame.has_reply()) take(frame.reply());
        if (frame.has_event()) take(frame.event());
    }
}

void Client::take(const v1::Reply& reply) {
    if (confirm_id_ != 0 && reply.id() == confirm_id_) {
        to_confirm_.pop_front();
        confirm_id_ = 0;
        confirm_next();
    }
    if (reply.has_error())
        return events_.failed(*this, reply.error().code() + ' ' + reply.error().detail());
    if (reply.has_welcome()) {
        is_welcome_ = true;
        for (const auto& summary : reply.welcome().conversations())
            take(summary);
        return events_.welcomed(*this);
    }
    if (reply.has_stored()) take_answer(reply);
}

void Client::take_answer(const v1::Reply& reply) {
    const auto found = std::find_if(unanswered_.begin(), unanswered_.end(), [&](const auto& each) {
        return each.first == reply.id();
    });
    if (found == unanswered_.end()) return events_.failed(*this, "an answer to no question");
    const auto number = found->second;
    unanswered_.erase(found);
    answered_id_ = std::max(answered_id_, reply.id());
    if (!waiting_.empty()) {
        const Waiting next = waiting_.front();
        waiting_.pop_front();
        const auto talk = std::find_if(
            talks.begin(), talks.end(), [&](const Talk& each) { return each.pair == next.pair; });
        transmit(next.number, *talk, *ledger_);
    }
    events_.acknowledged(*this, number, reply.stored().seq());
}

void Client::take(const v1::Event& event) {
    if (event.has_entry()) events_.shown(*this, event.entry());
    if (event.has_summary()) {
        take(event.summary());
        events_.shown(*this, event.summary());
    }
    if (event.has_resync()) events_.failed(*this, "resync");
}

void Client::take(const v1::ConversationSummary& summary) {
    if (!summary.needs_confirmation()) return;
    const auto& conversation = summary.conversation_id();
    if (std::find(to_confirm_.begin(), to_confirm_.end(), conversation) != to_confirm_.end())
        return;
    to_confirm_.push_back(conversation);
    if (confirm_id_ == 0) confirm_next();
}

void Client::confirm_next() {
    if (to_confirm_.empty()) return;
    auto& frame = add_frame();
    frame.mutable_confirm()->set_conversation_id(to_confirm_.front());
    confirm_id_ = frame.id();
    transmit();
}

void Client::ended(const std::string& why) {
    is_welcome_ = false;
    events_.failed(*this, why);
}

}  // namespace switchboard
