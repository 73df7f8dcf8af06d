#pragma once

#include <string>

#include "domain/publication.hpp"
#include "domain/text.hpp"

namespace switchboard {

// Things to encode, with every field filled in.

template <class Bits>
Bits bits(const std::string& uuid) {
    return Bits{parse_uuid(uuid).value()};
}

inline const auto sample_conversation = bits<PublicId>("0190c2f4-0000-4000-8000-00000000c0c0");
inline const auto sample_visitor = bits<PublicId>("0190c2f4-0000-4000-8000-000000000001");
inline const auto sample_agent = bits<PublicId>("0190c2f4-0000-4000-8000-000000000002");
inline const auto sample_message = bits<ClientMessageId>("0190c2f4-6b1e-7c3a-9d55-0123456789ab");
inline const Time sample_time{std::chrono::seconds(1'700'000'000) + std::chrono::milliseconds(250)};

inline PersonView visitor_view() { return {{PersonKind::visitor, 7}, sample_visitor, "Vera"}; }
inline PersonView agent_view() { return {{PersonKind::agent, 3}, sample_agent, "Ann"}; }

inline EntryView text_view(Seq seq = 5, std::string text = "hello") {
    EntryView view;
    view.conversation = sample_conversation;
    view.author = visitor_view();
    view.prev_seq = seq - 1;
    view.prev_public_seq = seq - 1;
    view.entry.conversation = ConversationId{41};
    view.entry.pos = 100 + seq;
    view.entry.seq = seq;
    view.entry.author = view.author.person;
    view.entry.at = sample_time;
    view.entry.client_message_id = sample_message;
    view.entry.body = std::move(text);
    return view;
}

inline EntryView note_view(Seq seq = 6) {
    EntryView view = text_view(seq, "likes tea");
    view.author = agent_view();
    view.entry.author = view.author.person;
    view.entry.kind = EntryKind::note;
    view.entry.visibility = Visibility::agents;
    return view;
}

inline EntryView system_view(Seq seq = 2) {
    EntryView view = text_view(seq, R"({"code":"assigned","agent":"3","name":"Ann"})");
    view.author = PersonView{};
    view.entry.author = Person{};
    view.entry.kind = EntryKind::system;
    view.entry.client_message_id.reset();
    return view;
}

inline EntryView link_view(Seq seq = 7) {
    EntryView view = text_view(seq, "https://shop.example/tea?size=2#price");
    view.entry.kind = EntryKind::link;
    return view;
}

inline EntryView block_view(Seq seq = 8) {
    EntryView view = system_view(seq);
    view.entry.kind = EntryKind::block;
    view.entry.visibility = Visibility::agents;
    view.author = agent_view();
    view.entry.body = R"({"reason":"abuse"})";
    return view;
}

inline SummaryView summary_view() {
    SummaryView view;
    view.conversation = sample_conversation;
    view.state = ConversationState::active;
    view.ticket = 77;
    view.visitor = visitor_view();
    view.agent = agent_view();
    view.opened_at = sample_time;
    view.assigned_at = sample_time;
    view.joined_at = sample_time;
    view.timeline = {.last_seq = 6,
                     .last_public_seq = 5,
                     .last_message_at = sample_time,
                     .last_visitor_message = "hello",
                     .awaiting = Awaiting::agent,
                     .awaiting_since = sample_time,
                     .unread = {}};
    view.unread = 2;
    return view;
}

inline PresenceView presence_view() {
    PresenceView view;
    view.agent = sample_agent;
    view.wish = {Intent::unavailable, Reason::chosen, "lunch"};
    view.colour = {Status::unavailable, Reason::chosen, true};
    view.slots_used = 2;
    view.slots_max = 3;
    view.version = 104;
    return view;
}

inline TypingView typing_view(std::string draft = "I would li") {
    return {sample_conversation, visitor_view(), std::move(draft)};
}

inline QueuePlaceView place_view() { return {sample_conversation, 2, std::chrono::seconds(90)}; }

inline AvailabilityView availability_view() {
    return {SiteId{5}, Channel::chat, Availability::queue};
}

inline LiveView live_view() {
    SummaryView waiting = summary_view();
    waiting.state = ConversationState::queued;
    waiting.agent = {};
    waiting.assigned_at.reset();
    waiting.joined_at.reset();
    return {{{agent_view(), {presence_view()}}}, {waiting}, {SiteId{5}}};
}

inline Block block_of(std::string reason = "abuse") {
    Block block;
    block.id = BlockId{90};
    block.public_id = bits<PublicId>("0190c2f4-0000-4000-8000-0000000000b0");
    block.visitor = VisitorId{7};
    block.visitor_public_id = sample_visitor;
    block.visitor_name = "Vera";
    block.by = agent_view().person;
    block.reason = std::move(reason);
    block.at = sample_time;
    block.expires_at = sample_time + std::chrono::hours(1);
    return block;
}

inline PointerView pointer_view() { return {sample_conversation, agent_view(), 5, 4}; }

inline Publication publication(auto what) {
    Publication made;
    made.pos = 105;
    made.to = {sample_visitor, sample_agent};
    made.what = std::move(what);
    return made;
}

}  // namespace switchboard
