#include "wire/to_message.hpp"

#include <boost/json/parse.hpp>

#include "domain/text.hpp"

namespace switchboard {
namespace {

template <class Bits>
void fill_id(std::string& to, const Bits& id) {
    if (!id) return to.clear();
    const auto text = to_chars(id.bytes);
    to.assign(text.data(), text.size());
}

void fill(google::protobuf::Timestamp& to, Time from) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(from);
    to.set_seconds(seconds.time_since_epoch().count());
    to.set_nanos(static_cast<std::int32_t>(std::chrono::nanoseconds(from - seconds).count()));
}

// A time that is not known is left out.
template <auto mutable_time, auto clear_time>
void fill_time(v1::ConversationSummary& to, const std::optional<Time>& from) {
    if (from) {
        fill(*(to.*mutable_time)(), *from);
    } else {
        (to.*clear_time)();
    }
}

v1::Channel to_v1(Channel channel) {
    switch (channel) {
        case Channel::chat:
            return v1::CHANNEL_CHAT;
        case Channel::call:
            return v1::CHANNEL_CALL;
        case Channel::video:
            return v1::CHANNEL_VIDEO;
        case Channel::messaging:
            return v1::CHANNEL_MESSAGING;
    }
    return v1::CHANNEL_UNSPECIFIED;
}

v1::PersonKind to_v1(PersonKind kind) {
    switch (kind) {
        case PersonKind::visitor:
            return v1::PERSON_KIND_VISITOR;
        case PersonKind::agent:
            return v1::PERSON_KIND_AGENT;
        case PersonKind::bot:
            return v1::PERSON_KIND_BOT;
        case PersonKind::manager:
            return v1::PERSON_KIND_MANAGER;
        case PersonKind::system:
            return v1::PERSON_KIND_SYSTEM;
    }
    return v1::PERSON_KIND_UNSPECIFIED;
}

v1::ConversationState to_v1(ConversationState state) {
    switch (state) {
        case ConversationState::closed:
            return v1::CONVERSATION_STATE_CLOSED;
        case ConversationState::queued:
            return v1::CONVERSATION_STATE_QUEUED;
        case ConversationState::active:
            return v1::CONVERSATION_STATE_ACTIVE;
    }
    return v1::CONVERSATION_STATE_UNSPECIFIED;
}

v1::Awaiting to_v1(Awaiting awaiting) {
    switch (awaiting) {
        case Awaiting::nobody:
            return v1::AWAITING_NOBODY;
        case Awaiting::agent:
            return v1::AWAITING_AGENT;
        case Awaiting::visitor:
            return v1::AWAITING_VISITOR;
    }
    return v1::AWAITING_UNSPECIFIED;
}

v1::Status to_v1(Status status) {
    switch (status) {
        case Status::available:
            return v1::STATUS_AVAILABLE;
        case Status::busy:
            return v1::STATUS_BUSY;
        case Status::unavailable:
            return v1::STATUS_UNAVAILABLE;
    }
    return v1::STATUS_UNSPECIFIED;
}

std::uint32_t to_v1(Seq seq) { return static_cast<std::uint32_t>(seq); }

void fill(v1::Person& to, const PersonView& from) {
    to.set_kind(to_v1(from.person.kind));
    fill_id(*to.mutable_id(), from.public_id);
    to.set_name(from.name);
}

// The stored form is a JSON object of strings; what is not one becomes a code of its own, because
// one odd row must not hide the conversation it stands in.
void fill(v1::System& to, const std::string& body) {
    to.Clear();
    boost::system::error_code ec;
    const auto value = boost::json::parse(body, ec);
    const auto* object = ec ? nullptr : value.if_object();
    if (object == nullptr) {
        to.set_code("unknown");
        return;
    }
    for (const auto& [key, each] : *object) {
        const auto* text = each.if_string();
        if (text == nullptr) continue;
        if (key == "code") {
            to.set_code(text->data(), text->size());
        } else {
            (*to.mutable_parameters())[std::string(key)].assign(text->data(), text->size());
        }
    }
}

std::string_view name_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::text:
            return "text";
        case EntryKind::note:
            return "note";
        case EntryKind::system:
            return "system";
    }
    return "";
}

void fill_unsupported(v1::Unsupported& to, const Entry& from) {
    const auto kind = name_of(from.kind);
    to.set_kind(kind.data(), kind.size());
    if (from.kind != EntryKind::system) {
        to.set_fallback_text(from.body);
        return;
    }
    v1::System system;
    fill(system, from.body);
    to.set_fallback_text(std::move(*system.mutable_code()));
}

void fill_body(v1::Entry& to, const Entry& from, const Look& look) {
    if (!look.kinds.has(from.kind)) return fill_unsupported(*to.mutable_unsupported(), from);
    switch (from.kind) {
        case EntryKind::text:
            return to.mutable_text()->set_text(from.body);
        case EntryKind::note:
            return to.mutable_note()->set_text(from.body);
        case EntryKind::system:
            return fill(*to.mutable_system(), from.body);
    }
}

}  // namespace

bool is_visible(const EntryView& view, const Look& look) {
    return look.audience == Visibility::agents || view.entry.visibility == Visibility::all;
}

void fill(v1::Entry& to, const EntryView& from, const Look& look) {
    const Entry& entry = from.entry;
    const bool agents = look.audience == Visibility::agents;
    fill_id(*to.mutable_conversation_id(), from.conversation);
    to.set_seq(to_v1(entry.seq));
    to.set_prev_seq(to_v1(agents ? from.prev_seq : from.prev_public_seq));
    fill(*to.mutable_author(), from.author);
    fill(*to.mutable_at(), entry.at);
    to.set_agents_only(entry.visibility == Visibility::agents);
    fill_id(*to.mutable_client_msg_id(), entry.client_message_id.value_or(ClientMessageId{}));
    fill_body(to, entry, look);
}

void fill(v1::ConversationSummary& to, const SummaryView& from, const Look& look) {
    const bool agents = look.audience == Visibility::agents;
    const TimelineSummary& timeline = from.timeline;
    fill_id(*to.mutable_conversation_id(), from.conversation);
    to.set_channel(to_v1(from.channel));
    to.set_state(to_v1(from.state));
    fill(*to.mutable_visitor(), from.visitor);
    if (from.agent.person.id != 0) {
        fill(*to.mutable_agent(), from.agent);
    } else {
        to.clear_agent();
    }
    fill(*to.mutable_opened_at(), from.opened_at);
    using V1 = v1::ConversationSummary;
    fill_time<&V1::mutable_assigned_at, &V1::clear_assigned_at>(to, from.assigned_at);
    fill_time<&V1::mutable_last_message_at, &V1::clear_last_message_at>(to,
                                                                        timeline.last_message_at);
    to.set_awaiting(to_v1(timeline.awaiting));
    fill_time<&V1::mutable_awaiting_since, &V1::clear_awaiting_since>(to, timeline.awaiting_since);
    to.set_last_seq(to_v1(agents ? timeline.last_seq : timeline.last_public_seq));
    to.set_unread(agents ? static_cast<std::uint32_t>(from.unread) : 0);
    to.clear_last_visitor_message();
    if (agents) to.set_last_visitor_message(timeline.last_visitor_message);
}

void fill(v1::Presence& to, const PresenceView& from) {
    fill_id(*to.mutable_agent_id(), from.agent);
    to.set_channel(to_v1(from.channel));
    to.set_enabled(from.enabled);
    to.set_status(to_v1(from.status));
    to.set_slots_used(static_cast<std::uint32_t>(from.slots_used));
    to.set_slots_max(static_cast<std::uint32_t>(from.slots_max));
}

void fill(v1::Pointer& to, const PointerView& from) {
    fill_id(*to.mutable_conversation_id(), from.conversation);
    fill(*to.mutable_person(), from.person);
    to.set_delivered_seq(to_v1(from.delivered));
    to.set_seen_seq(to_v1(from.seen));
}

void fill(v1::TypingShown& to, const TypingView& from) {
    fill_id(*to.mutable_conversation_id(), from.conversation);
    fill(*to.mutable_person(), from.person);
}

void fill(v1::Welcome& to, const Welcome& from, const Look& look) {
    fill_id(*to.mutable_session_id(), from.session);
    to.set_lineage(from.view.lineage);
    to.set_token(from.token);
    fill(*to.mutable_server_now(), from.server_now);
    to.set_heartbeat_interval_ms(static_cast<std::uint32_t>(from.heartbeat_interval.count()));
    auto& limits = *to.mutable_limits();
    limits.set_message_bytes_max(message_bytes_max);
    limits.set_text_bytes_max(text_bytes_max);
    limits.set_in_flight_max(in_flight_max);
    limits.set_frames_max(frames_max);
    fill(*to.mutable_self(), from.view.self);
    for (const auto& each : from.view.conversations)
        fill(*to.add_conversations(), each, look);
    for (const auto& each : from.view.presence)
        fill(*to.add_presence(), each);
    for (const auto& each : from.view.pointers)
        fill(*to.add_pointers(), each);
}

void fill(v1::MessageStored& to, const MessageStored& from) {
    fill_id(*to.mutable_conversation_id(), from.conversation);
    to.set_seq(to_v1(from.seq));
    to.set_pos(std::to_string(from.pos));
    fill(*to.mutable_at(), from.at);
}

void fill(v1::Heartbeat& to, const Heartbeat& from) {
    fill(*to.mutable_server_now(), from.server_now);
    for (const auto& each : from.heads) {
        auto& head = *to.add_heads();
        fill_id(*head.mutable_conversation_id(), each.conversation);
        head.set_seq(to_v1(each.seq));
    }
}

}  // namespace switchboard
