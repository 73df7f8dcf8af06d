#include "engine/people/attendance.hpp"

#include <utility>

#include "engine/conversations/patience.hpp"
#include "engine/conversations/transitions.hpp"
#include "engine/conversations/waiting_room.hpp"
#include "engine/views.hpp"

namespace switchboard {
namespace {

bool is_visitor(const Asker& asker) { return asker.principal.role == Role::visitor; }

void set_attendance(Turn& turn, Desk& desk, Attendance attendance) {
    if (desk.agent.attendance == attendance) return;
    desk.agent.attendance = attendance;
    turn.store(AttendanceRecord{turn.take_pos(), desk.agent.id, attendance});
}

Attendance attendance_of(const TenantMemory& memory, const Desk& desk) {
    return memory.roster.is_away(desk.agent.public_id) ? Attendance::away : Attendance::present;
}

// He is there with one connection more, one less, or one that became awake or asleep. What makes
// no difference is shown to nobody: another tab is no news.
void note_attendance(TenantMemory& memory, Turn& turn, Desk& desk) {
    const bool connected = memory.roster.is_connected(desk.agent.public_id);
    const auto attendance = connected ? attendance_of(memory, desk) : desk.agent.attendance;
    if (connected == desk.connected && attendance == desk.agent.attendance) return;
    {
        const Reseating reseating(memory.pools, desk);
        desk.connected = connected;
        set_attendance(turn, desk, attendance);
    }
    turn.touch(desk.agent.id);
    serve_queue(memory, turn, desk.agent.id);
}

// What his client had not confirmed is counted anew from here (R7).
void await_confirmations(TenantMemory& memory, const Turn& turn, const Desk& desk) {
    for (const ConversationId id : desk.conversations) {
        OpenTalk& talk = *memory.conversations.find(id);
        const Conversation& conversation = talk.open.conversation;
        if (conversation.state != ConversationState::active || conversation.joined_at) continue;
        memory.conversations.set_alarm(
            talk, AlarmKind::confirmation, turn.now() + memory.settings.confirm_within);
    }
}

// The connection that he sat at is lost, and may be back in a moment; at the others nobody sits.
bool is_left_asleep(const TenantMemory& memory, const Desk& desk) {
    return desk.agent.attendance == Attendance::present &&
           attendance_of(memory, desk) == Attendance::away;
}

void appear(TenantMemory& memory, Turn& turn, Desk& desk) {
    memory.alarms.cancel({AlarmKind::agent_grace, desk.agent.id.value, {}});
    note_attendance(memory, turn, desk);
    await_confirmations(memory, turn, desk);
}

// Also of one whose leave the memory before this one had taken, in a batch that was lost: then he
// left before the conversation that he had begun was there.
void visitor_leaves(TenantMemory& memory, const Turn& turn, const PublicId& visitor) {
    const AlarmKey grace{AlarmKind::visitor_grace, 0, visitor};
    if (talks_of(memory, visitor).empty() || memory.roster.is_connected(visitor)) return;
    if (!memory.alarms.find(grace))
        memory.alarms.set(grace, turn.now() + memory.settings.visitor_grace);
}

}  // namespace

void connect(TenantMemory& memory, Turn& turn, const Asker& asker, const Connect& command) {
    Desk* desk = memory.staff.find(account_of(asker.principal.person));
    if (!is_visitor(asker) && desk == nullptr) return turn.refuse(Refusal::not_found);
    if (const auto refusal = authorize(asker.principal, Action::connect, nullptr))
        return turn.refuse(*refusal);
    if (desk != nullptr && !is_visitor(asker) && !desk->agent.enabled)
        return turn.refuse(Refusal::forbidden);

    const auto joined = memory.roster.join(asker.principal.public_id, command.connection);
    if (joined == Roster::Joined::too_many) return turn.refuse(Refusal::too_many_connections);
    if (joined == Roster::Joined::stale) return turn.refuse(Refusal::invalid, "session_id");

    if (is_visitor(asker)) {
        memory.visitors.rename(asker.visitor);
        if (joined == Roster::Joined::first) {
            memory.visitors.hold(asker.visitor);
            note_visitor_back(memory, turn, asker.visitor);
        }
        WelcomeView welcome = welcome_visitor(memory, asker.visitor, command.site);
        note_told(memory, welcome);
        return turn.answer(std::move(welcome));
    }
    if (joined == Roster::Joined::first) {
        appear(memory, turn, *desk);
    } else {
        note_attendance(memory, turn, *desk);  // a new connection is not away
    }
    turn.answer(welcome_agent(memory, *desk));
}

void disconnect(TenantMemory& memory, Turn& turn, const Asker& asker, const Disconnect& command) {
    const bool was_last = memory.roster.leave(asker.principal.public_id, command.connection);
    if (is_visitor(asker)) {
        visitor_leaves(memory, turn, asker.principal.public_id);
        if (was_last) memory.visitors.forget(asker.principal.public_id);
        return;
    }
    Desk* desk = memory.staff.find(account_of(asker.principal.person));
    if (desk == nullptr) return;
    const auto grace = memory.settings.agent_grace;
    const bool has_grace = !command.logged_out && grace.count() > 0;
    const AlarmKey grace_over{AlarmKind::agent_grace, desk->agent.id.value, {}};
    if (!was_last && has_grace && is_left_asleep(memory, *desk))
        return memory.alarms.set(grace_over, turn.now() + grace);
    note_attendance(memory, turn, *desk);
    if (!was_last) return;
    if (has_grace) return memory.alarms.set(grace_over, turn.now() + grace);
    const auto cause = command.logged_out ? AgentGone::logged_out : AgentGone::not_connected;
    note_agent_lost(memory, turn, desk->agent.id, cause);
}

void note_grace_over(TenantMemory& memory, Turn& turn, AgentId agent) {
    Desk* desk = memory.staff.find(agent);
    if (desk != nullptr && desk->connected) return note_attendance(memory, turn, *desk);
    note_agent_lost(memory, turn, agent, AgentGone::not_connected);
}

void set_away(TenantMemory& memory, Turn& turn, const Asker& asker, const SetAway& command) {
    if (const auto refusal = authorize(asker.principal, Action::set_presence, nullptr))
        return turn.refuse(*refusal);
    Desk* desk = memory.staff.find(account_of(asker.principal.person));
    if (desk == nullptr) return turn.refuse(Refusal::not_found);
    if (!memory.roster.set_away(asker.principal.public_id, command.connection, command.away))
        return;
    note_attendance(memory, turn, *desk);
}

void note_agent_lost(TenantMemory& memory, Turn& turn, AgentId agent, AgentGone cause) {
    Desk* desk = memory.staff.find(agent);
    if (desk == nullptr || desk->connected) return;
    // One who is disabled while he is absent loses what was kept for his return.
    if (!desk->is_present() && cause != AgentGone::disabled) return;
    memory.alarms.cancel({AlarmKind::agent_grace, agent.value, {}});
    {
        const Reseating reseating(memory.pools, *desk);
        desk->gone = cause;
        set_attendance(turn, *desk, Attendance::absent);
    }
    turn.touch(agent);
    while (!desk->wrap_ups.empty())
        end_wrap_up(memory, turn, *desk, desk->wrap_ups.begin()->first);
    for (const ConversationId id : desk->conversations)
        memory.conversations.set_alarm(
            *memory.conversations.find(id), AlarmKind::agent_gone, turn.now());
}

}  // namespace switchboard
