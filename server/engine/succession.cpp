#include "engine/succession.hpp"

#include "domain/authorize.hpp"
#include "engine/conversations/patience.hpp"
#include "engine/conversations/transitions.hpp"
#include "engine/conversations/waiting_room.hpp"
#include "engine/people/attendance.hpp"

namespace switchboard {
namespace {

// The alarm as the dropped memory had it, else this long from now.
void inherit(TenantMemory& memory,
             const Turn& turn,
             const TenantMemory* dropped,
             const AlarmKey& key,
             std::chrono::seconds otherwise) {
    const auto known = dropped == nullptr ? std::nullopt : dropped->alarms.find(key);
    memory.alarms.set(key, known.value_or(turn.now() + otherwise));
}

void adopt_connections(TenantMemory& memory, const TenantMemory& dropped) {
    memory.roster = dropped.roster;
    for (const auto& [public_id, connections] : memory.roster.people()) {
        if (dropped.visitors.holds(public_id))
            memory.visitors.hold_unsure(public_id, dropped.visitors.name_of(public_id));
    }
    memory.waiting_room.paces = dropped.waiting_room.paces;
}

// What was reported to the dropped memory of conversations that are the same here.
void adopt_progress(TenantMemory& memory, const TenantMemory& dropped) {
    for (const auto& [key, pointer] : dropped.progress) {
        const OpenTalk* before = dropped.conversations.find(key.first);
        const OpenTalk* talk = memory.conversations.find(key.first);
        const bool same = before != nullptr && talk != nullptr &&
                          before->open.conversation.public_id == talk->open.conversation.public_id;
        if (same && pointer.delivered <= talk->open.summary.last_seq)
            memory.progress[key] = pointer;
    }
    memory.progress_since = dropped.progress_since;
}

// A connected agent is there; one who was there and is not has his grace time (A17).
void seat(TenantMemory& memory, Turn& turn, const TenantMemory* dropped, Desk& desk) {
    if (!desk.agent.enabled) {  // the dropped memory may not have known
        memory.roster.forget(desk.agent.public_id);
        note_agent_lost(memory, turn, desk.agent.id, AgentGone::disabled);
        return;
    }
    const bool connected = memory.roster.is_connected(desk.agent.public_id);
    {
        const Reseating reseating(memory.pools, desk);
        desk.connected = connected;
        const bool away = memory.roster.is_away(desk.agent.public_id);
        const auto attendance = away ? Attendance::away : Attendance::present;
        if (connected && desk.agent.attendance != attendance) {
            desk.agent.attendance = attendance;
            turn.store(AttendanceRecord{turn.take_pos(), desk.agent.id, attendance});
        }
    }
    if (!connected && desk.is_present())
        inherit(memory,
                turn,
                dropped,
                {AlarmKind::agent_grace, desk.agent.id.value, {}},
                memory.settings.agent_grace);
    if (connected || desk.is_present()) turn.touch(desk.agent.id);
    for (const auto& [claim, wrap_up] : desk.wrap_ups)
        memory.alarms.set({AlarmKind::wrap_up, claim.value, desk.agent.public_id}, wrap_up.until);
}

void arm_assigned(TenantMemory& memory, const Turn& turn, OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    Desk& desk = *talk.desk;
    if (!desk.agent.enabled || !may_serve(desk.agent.role)) desk.gone = AgentGone::disabled;
    arm_absence(memory, turn.now(), talk);
    if (desk.connected && !conversation.joined_at)
        memory.conversations.set_alarm(
            talk, AlarmKind::confirmation, turn.now() + memory.settings.confirm_within);
}

void arm(TenantMemory& memory, const Turn& turn, const TenantMemory* dropped) {
    for (const auto& [id, talk] : memory.conversations.all()) {
        const Conversation& conversation = talk->open.conversation;
        arm_silence(memory, *talk);
        arm_wait_limit(memory, *talk);
        if (conversation.state == ConversationState::active) arm_assigned(memory, turn, *talk);
        if (conversation.state == ConversationState::queued)
            memory.waiting_room.moved.insert({conversation.site, conversation.channel});
        if (!conversation.left_at && !memory.roster.is_connected(talk->open.visitor))
            inherit(memory,
                    turn,
                    dropped,
                    {AlarmKind::visitor_grace, 0, talk->open.visitor},
                    memory.settings.visitor_grace);
    }
    for (const auto& [id, block] : memory.blocks.all()) {
        if (block.expires_at)
            memory.alarms.set({AlarmKind::block_expiry, id.value, {}}, *block.expires_at);
    }
}

// The dropped memory had taken their connection, in a batch that was lost.
void welcome_back(TenantMemory& memory, Turn& turn) {
    for (const OpenTalk* talk : memory.conversations.in_order()) {
        const OpenConversation& open = talk->open;
        if (open.conversation.left_at && memory.roster.is_connected(open.visitor))
            note_visitor_back(
                memory, turn, {open.conversation.visitor, open.visitor, open.visitor_name});
    }
}

}  // namespace

void take_over(TenantMemory& memory, Turn& turn, const TenantMemory* dropped) {
    if (dropped != nullptr) {
        adopt_connections(memory, *dropped);
        adopt_progress(memory, *dropped);
    }
    for (const auto& [id, desk] : memory.staff.desks())
        seat(memory, turn, dropped, *memory.staff.find(id));
    arm(memory, turn, dropped);
    welcome_back(memory, turn);
    for (const auto& [id, desk] : memory.staff.desks())
        serve_queue(memory, turn, id);
    stir(memory, turn.now());  // What was told last is not known here.
}

}  // namespace switchboard
