#include "wire/to_message.hpp"

#include <boost/json/parse.hpp>

#include "domain/text.hpp"
#include "wire/to_v1.hpp"

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

std::uint32_t to_v1(Seq seq) { return static_cast<std::uint32_t>(seq); }

// The stored form is a JSON object of strings; of what is not one nothing is said, because one odd
// row must not hide the conversation it stands in.
template <class Take>
void take_strings(const std::string& body, const Take& take) {
    boost::system::error_code ec;
    const auto value = boost::json::parse(body, ec);
    const auto* object = ec ? nullptr : value.if_object();
    if (object == nullptr) return;
    for (const auto& [key, each] : *object) {
        if (const auto* text = each.if_string()) take(key, *text);
    }
}

void fill(v1::System& to, const std::string& body) {
    to.Clear();
    to.set_code("unknown");
    take_strings(body, [&](std::string_view key, const boost::json::string& text) {
        if (key == "code") {
            to.set_code(text.data(), text.size());
        } else {
            (*to.mutable_parameters())[std::string(key)].assign(text.data(), text.size());
        }
    });
}

void fill(v1::VisitorBlocked& to, const std::string& body) {
    to.Clear();
    take_strings(body, [&](std::string_view key, const boost::json::string& text) {
        (*to.mutable_parameters())[std::string(key)].assign(text.data(), text.size());
    });
}

std::string_view name_of(EntryKind kind) {
    switch (kind) {
        case EntryKind::text:
            return "text";
        case EntryKind::note:
            return "note";
        case EntryKind::system:
            return "system";
        case EntryKind::link:
            return "link";
        case EntryKind::block:
            return "block";
    }
    return "";
}

void fill_unsupported(v1::Unsupported& to, const Entry& from) {
    const auto kind = name_of(from.kind);
    to.set_kind(kind.data(), kind.size());
    switch (from.kind) {
        case EntryKind::system: {
            v1::System system;
            fill(system, from.body);
            return to.set_fallback_text(std::move(*system.mutable_code()));
        }
        case EntryKind::block:  // why is for those who know the kind
            return to.clear_fallback_text();
        default:
            return to.set_fallback_text(from.body);
    }
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
        case EntryKind::link:
            return to.mutable_link()->set_url(from.body);
        case EntryKind::block:
            return fill(*to.mutable_block(), from.body);
    }
}

}  // namespace

void fill(v1::Person& to, const PersonView& from) {
    to.set_kind(to_v1(from.person.kind));
    fill_id(*to.mutable_id(), from.public_id);
    to.set_name(from.name);
}

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
    // To a visitor an agent is there once his client has confirmed that it has the conversation.
    const bool has_agent = from.agent.person.id != 0 && (agents || from.joined_at);
    if (has_agent) {
        fill(*to.mutable_agent(), from.agent);
    } else {
        to.clear_agent();
    }
    fill(*to.mutable_opened_at(), from.opened_at);
    using V1 = v1::ConversationSummary;
    fill_time<&V1::mutable_assigned_at, &V1::clear_assigned_at>(
        to, has_agent ? from.assigned_at : std::nullopt);
    fill_time<&V1::mutable_last_message_at, &V1::clear_last_message_at>(to,
                                                                        timeline.last_message_at);
    to.set_awaiting(to_v1(timeline.awaiting));
    fill_time<&V1::mutable_awaiting_since, &V1::clear_awaiting_since>(to, timeline.awaiting_since);
    to.set_last_seq(to_v1(agents ? timeline.last_seq : timeline.last_public_seq));
    to.set_unread(agents ? static_cast<std::uint32_t>(from.unread) : 0);
    to.clear_last_visitor_message();
    if (agents) to.set_last_visitor_message(timeline.last_visitor_message);
    const bool is_active = from.state == ConversationState::active;
    to.set_needs_confirmation(agents && is_active && !from.joined_at);
    to.set_patient(from.patient);
    to.set_visitor_left(agents && from.visitor_left);
    to.set_close_reason(to_v1(from.close_reason, look.audience));
    // A visitor is told of his own place alone: the tenant's numbers say how much goes on there.
    const bool is_queued = from.state == ConversationState::queued;
    to.set_ticket(agents && is_queued ? from.ticket : 0);
}

void fill(v1::Presence& to, const PresenceView& from) {
    fill_id(*to.mutable_agent_id(), from.agent);
    to.set_channel(to_v1(from.channel));
    to.set_enabled(from.enabled);
    to.set_status(to_v1(from.colour.status));
    to.set_slots_used(static_cast<std::uint32_t>(from.slots_used));
    to.set_slots_max(static_cast<std::uint32_t>(from.slots_max));
    const bool is_wanted = from.wish.intent == Intent::available;
    auto& wish = *to.mutable_wish();
    wish.set_intent(is_wanted ? v1::INTENT_AVAILABLE : v1::INTENT_UNAVAILABLE);
    wish.set_cause(is_wanted ? v1::REASON_UNSPECIFIED : to_v1(from.wish.cause));
    wish.set_text(from.wish.text);
    to.set_reason(to_v1(from.colour.reason));
    to.set_reconnecting(from.colour.reconnecting);
    to.set_version(static_cast<std::uint64_t>(from.version));
}

void fill(v1::Pointer& to, const PointerView& from) {
    fill_id(*to.mutable_conversation_id(), from.conversation);
    fill(*to.mutable_person(), from.person);
    to.set_delivered_seq(to_v1(from.delivered));
    to.set_seen_seq(to_v1(from.seen));
}

void fill(v1::TypingShown& to, const TypingView& from, const Look& look) {
    fill_id(*to.mutable_conversation_id(), from.conversation);
    fill(*to.mutable_person(), from.person);
    to.clear_draft();
    if (look.audience == Visibility::agents) to.set_draft(from.draft);
}

void fill(v1::QueuePlace& to, const QueuePlaceView& from) {
    fill_id(*to.mutable_conversation_id(), from.conversation);
    to.set_position(static_cast<std::uint32_t>(from.position));
    to.clear_expected_wait_seconds();
    if (from.expect) to.set_expected_wait_seconds(static_cast<std::uint32_t>(from.expect->count()));
}

void fill(v1::ChannelAvailability& to, const AvailabilityView& from) {
    to.set_channel(to_v1(from.channel));
    to.set_availability(to_v1(from.availability));
}

void fill(v1::AgentLine& to, const LiveView::AgentLine& from) {
    fill(*to.mutable_agent(), from.agent);
    for (const auto& each : from.presence)
        fill(*to.add_presence(), each);
}

void fill(v1::Block& to, const Block& from) {
    fill_id(*to.mutable_block_id(), from.public_id);
    auto& visitor = *to.mutable_visitor();
    visitor.set_kind(v1::PERSON_KIND_VISITOR);
    fill_id(*visitor.mutable_id(), from.visitor_public_id);
    visitor.set_name(from.visitor_name);
    to.mutable_by()->set_kind(to_v1(from.by.kind));
    to.set_reason(from.reason);
    fill(*to.mutable_at(), from.at);
    if (from.expires_at) fill(*to.mutable_expires_at(), *from.expires_at);
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
    for (const auto& each : from.view.places)
        fill(*to.add_places(), each);
    for (const auto& each : from.view.availability)
        fill(*to.add_availability(), each);
    to.set_draft_preview(from.view.draft_preview);
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
