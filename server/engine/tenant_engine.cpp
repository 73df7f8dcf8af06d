#include "engine/tenant_engine.hpp"

#include <algorithm>

#include "engine/configuration.hpp"
#include "engine/conversations/closing.hpp"
#include "engine/conversations/handling.hpp"
#include "engine/conversations/patience.hpp"
#include "engine/conversations/progress.hpp"
#include "engine/conversations/talking.hpp"
#include "engine/conversations/transitions.hpp"
#include "engine/live.hpp"
#include "engine/people/attendance.hpp"
#include "engine/people/blocking.hpp"
#include "engine/people/direction.hpp"
#include "engine/succession.hpp"
#include "engine/views.hpp"

namespace switchboard {
namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};
template <class... Functions>
Overloaded(Functions...) -> Overloaded<Functions...>;  // clang-tidy-14 cannot do without

template <class T>
bool contains(const std::vector<T>& all, const T& one) {
    return std::find(all.begin(), all.end(), one) != all.end();
}

const ClientMessageId* message_of(const Command& command) {
    if (const auto* start = std::get_if<StartConversation>(&command.what))
        return &start->client_message_id;
    if (const auto* send = std::get_if<SendMessage>(&command.what)) return &send->client_message_id;
    return nullptr;
}

// The conversation it is about; null: none.
const PublicId* conversation_of(const Command& command) {
    const auto find = [](const auto& what) -> const PublicId* {
        if constexpr (requires { what.conversation; }) {
            return what.conversation ? &what.conversation : nullptr;
        } else {
            return nullptr;
        }
    };
    if (std::holds_alternative<StartConversation>(command.what)) return nullptr;  // its own
    return std::visit(find, command.what);
}

}  // namespace

LookUp TenantEngine::missing(const Command& command, const Facts& facts) const {
    LookUp look_up;
    const Principal& principal = command.principal;
    if (principal.role == Role::visitor && memory_.visitors.find(principal.public_id) == nullptr &&
        !contains(facts.asked.visitors, principal.public_id))
        look_up.visitors.push_back(principal.public_id);

    const auto* blocking = std::get_if<BlockVisitor>(&command.what);
    if (blocking != nullptr && !blocking->conversation &&
        memory_.visitors.find(blocking->visitor) == nullptr &&
        !contains(facts.asked.visitors, blocking->visitor))
        look_up.visitors.push_back(blocking->visitor);
    if (blocking != nullptr && memory_.blocks.find(blocking->block) == nullptr &&
        !contains(facts.asked.blocks, blocking->block))
        look_up.blocks.push_back(blocking->block);

    const ClientMessageId* message = message_of(command);
    if (message != nullptr && memory_.sent.lies_before(*message) &&
        !contains(facts.asked.messages, *message))
        look_up.messages.push_back(*message);

    const PublicId* conversation = conversation_of(command);
    if (conversation != nullptr && memory_.conversations.find(*conversation) == nullptr &&
        !contains(facts.asked.conversations, *conversation))
        look_up.conversations.push_back(*conversation);
    return look_up;
}

namespace {

// Who is not stored yet is called as he says last; he may say nothing.
void name_himself(StoredVisitor& visitor, const std::string& name) {
    if (visitor.id) return;
    if (!name.empty()) visitor.name = name;
    if (visitor.name.empty()) visitor.name = "Visitor";
}

}  // namespace

Asker TenantEngine::asker_of(const Command& command, const Facts& facts) {
    const Principal& principal = command.principal;
    // A key and the system are without a name: what they did is read again so.
    Asker asker{principal, {}, {principal.person, {}, {}}};
    if (principal.role != Role::visitor) {
        if (const Desk* desk = memory_.staff.find(account_of(principal.person)))
            asker.view = view_of(desk->agent);
        return asker;
    }
    asker.visitor.public_id = principal.public_id;
    if (const StoredVisitor* held = memory_.visitors.find(principal.public_id)) {
        asker.visitor = *held;
    } else {
        asker.visitor.name = memory_.visitors.name_of(principal.public_id);
        for (const StoredVisitor& stored : facts.visitors) {
            if (stored.public_id == principal.public_id) asker.visitor = stored;
        }
        memory_.visitors.settle(asker.visitor);
    }
    if (const auto* connecting = std::get_if<Connect>(&command.what))
        name_himself(asker.visitor, connecting->name);
    asker.view = view_of(asker.visitor);
    asker.principal.person = asker.view.person;
    return asker;
}

Effects TenantEngine::apply(const Command& command, const Facts& facts, Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    const Asker asker = asker_of(command, facts);
    std::visit(
        Overloaded{
            [&](const Connect& what) { connect(memory_, turn, asker, what); },
            [&](const Disconnect& what) { disconnect(memory_, turn, asker, what); },
            [&](const SetAway& what) { set_away(memory_, turn, asker, what); },
            [&](const SetPresence& what) { set_presence(memory_, turn, asker, what); },
            [&](const SetLimits& what) { set_limits(memory_, turn, asker, what); },
            [&](const SetTotalLimit& what) { set_total_limit(memory_, turn, asker, what); },
            [&](const StartConversation& what) { start(memory_, turn, asker, facts, what); },
            [&](const SendMessage& what) { send(memory_, turn, asker, facts, what); },
            [&](const CloseConversation& what) { close(memory_, turn, asker, facts, what); },
            [&](const ReportProgress& what) { report(memory_, turn, asker, facts, what); },
            [&](const ShowTyping& what) { show_typing(memory_, turn, asker, facts, what); },
            [&](const ConfirmAssignment& what) { confirm(memory_, turn, asker, facts, what); },
            [&](const ClaimConversation& what) { claim(memory_, turn, asker, facts, what); },
            [&](const SetInactive& what) { set_inactive(memory_, turn, asker, facts, what); },
            [&](const FinishWrapUp& what) { finish_wrap_up(memory_, turn, asker, facts, what); },
            [&](const FillClosingForm& what) { fill_form(memory_, turn, asker, facts, what); },
            [&](const RateConversation& what) { rate(memory_, turn, asker, facts, what); },
            [&](const BlockVisitor& what) { block(memory_, turn, asker, facts, what); },
            [&](const LiftBlock& what) { lift_block(memory_, turn, asker, what); },
            [&](const ListBlocks&) { list_blocks(memory_, turn, asker); },
            [&](const ShowLive& what) { show_live(memory_, turn, asker, what); },
            [&](const ShowAvailability& what) { show_availability(memory_, turn, asker, what); },
            [&](const auto& what) { configure(memory_, turn, asker, what); },
        },
        command.what);
    return finish(turn);
}

namespace {

// To its agent and who had it before, and when its state changed to the visitor and the queue.
void publish_summary(const TenantMemory& memory,
                     Turn& turn,
                     const Turn::TouchedConversation& touched) {
    const OpenTalk* talk = memory.conversations.find(touched.id);
    if (talk == nullptr) return;
    const Conversation& conversation = talk->open.conversation;
    const bool watched = touched.shown == Turn::Shown::queue_state ||
                         conversation.state == ConversationState::queued;
    People people;
    if (touched.shown != Turn::Shown::timeline) people.push_back(talk->open.visitor);
    if (talk->desk != nullptr) people.push_back(talk->desk->agent.public_id);
    const bool lost = touched.former && touched.former != talk->agent();
    if (const Desk* former = lost ? memory.staff.find(touched.former) : nullptr)
        people.push_back(former->agent.public_id);
    if (people.empty() && !watched) return;
    Publication& publication = turn.publish();
    publication.to = std::move(people);
    if (watched) {
        publication.watchers = Watchers::queue;
        publication.site = conversation.site;
    }
    publication.what = summary_of(*talk);
}

// Records the colours that changed (S7), and shows them with the slots.
void publish_presence(const TenantMemory& memory, Turn& turn, Desk& desk) {
    for (auto& [channel, seat] : desk.seats) {
        AgentChannel& limits = seat.limits;
        const Colour colour = desk.colour(channel);
        const bool was_wished = turn.colour_wishes(desk.agent.id, channel, colour);
        const bool is_recorded = was_wished || colour == limits.colour;
        limits.colour = colour;
        if (is_recorded) continue;
        limits.version = turn.take_pos();
        PresenceRecord record;
        record.pos = limits.version;
        record.agent = desk.agent.id;
        record.channel = channel;
        record.wish = limits.wish;
        record.colour = colour;
        record.at = turn.now();
        turn.store(std::move(record));
    }
    for (const auto& [channel, seat] : desk.seats) {
        Publication& publication = turn.publish();
        publication.to.push_back(desk.agent.public_id);
        publication.watchers = Watchers::presence;
        publication.what = presence_of(memory, desk, channel);
    }
}

// One alarm rings.
void ring(TenantMemory& memory, Turn& turn, const AlarmKey& alarm) {
    switch (alarm.kind) {
        case AlarmKind::agent_grace:
            return note_grace_over(memory, turn, AgentId{alarm.id});
        case AlarmKind::agent_gone:
            return note_agent_gone(memory, turn, ConversationId{alarm.id});
        case AlarmKind::confirmation:
            return note_unconfirmed(memory, turn, ConversationId{alarm.id});
        case AlarmKind::visitor_grace:
            return note_visitor_gone(memory, turn, alarm.person);
        case AlarmKind::wait_limit:
            return note_wait_limit(memory, turn, ConversationId{alarm.id});
        case AlarmKind::silence:
            return note_silence(memory, turn, ConversationId{alarm.id});
        case AlarmKind::wrap_up:
            if (Desk* desk = memory.staff.find(alarm.person))
                end_wrap_up(memory, turn, *desk, ClaimId{alarm.id});
            return;
        case AlarmKind::block_expiry:
            return note_block_expired(memory, turn, BlockId{alarm.id});
        case AlarmKind::places:
            return tell_places(memory, turn);
        case AlarmKind::availability:
            return tell_availability(memory, turn);
    }
}

}  // namespace

// The current value of what was touched, once, after all that happened to it.
Effects TenantEngine::finish(Turn& turn) {
    for (const auto& touched : turn.touched_conversations())
        publish_summary(memory_, turn, touched);
    for (const AgentId agent : turn.touched_agents())
        publish_presence(memory_, turn, *memory_.staff.find(agent));
    if (!turn.touched_agents().empty() || !memory_.waiting_room.moved.empty())
        stir(memory_, turn.now());
    return turn.take_effects();
}

Effects TenantEngine::tick(Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    const auto saved = progress_due();
    if (saved && *saved <= next_alarm(memory_).value_or(*saved)) {
        switchboard::save_progress(memory_, turn);
    } else if (const auto alarm = take_due(memory_, now)) {
        ring(memory_, turn, *alarm);
    }
    return finish(turn);
}

std::optional<Time> TenantEngine::next_tick() const {
    const auto next = next_alarm(memory_);
    const auto saved = progress_due();
    return next && saved ? std::min(*next, *saved) : (next ? next : saved);
}

std::optional<Time> TenantEngine::progress_due() const {
    if (memory_.progress.empty()) return std::nullopt;
    return memory_.progress_since + progress_delay;
}

void TenantEngine::trim() {
    memory_.sent.trim();
    memory_.visitors.trim();
}

Effects TenantEngine::save_progress(Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    switchboard::save_progress(memory_, turn);
    return finish(turn);
}

void TenantEngine::give_time(std::chrono::microseconds lost) {
    memory_.conversations.postpone_alarms(AlarmKind::confirmation, lost);
    for (const auto kind : {AlarmKind::agent_grace, AlarmKind::visitor_grace})
        memory_.alarms.postpone(kind, lost);
}

void TenantEngine::begin_confirming(Time decided, std::chrono::microseconds later) {
    // A moment less than `later`: or it would count among what the next batch assigns.
    memory_.conversations.postpone_alarms(AlarmKind::confirmation,
                                          later - std::chrono::microseconds(1),
                                          decided + memory_.settings.confirm_within);
}

void TenantEngine::forget_alarms() {
    memory_.alarms = {};
    memory_.conversations.forget_alarms();
}

Effects TenantEngine::begin(const TenantEngine* dropped, Time now) {
    Turn turn(memory_.log_pos, not_before(now));
    take_over(memory_, turn, dropped == nullptr ? nullptr : &dropped->memory_);
    return finish(turn);
}

}  // namespace switchboard
