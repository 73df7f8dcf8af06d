#include "engine/conversations/claims.hpp"

namespace switchboard {
namespace {

ClaimRecord record_of(const OpenTalk& talk, Pos pos) {
    ClaimRecord record;
    record.pos = pos;
    record.id = talk.claim;
    record.agent = talk.agent();
    record.conversation = talk.open.conversation.id;
    record.channel = talk.open.conversation.channel;
    record.active_pos = talk.claim.value;
    return record;
}

}  // namespace

void take_slot(TenantMemory& memory, Turn& turn, OpenTalk& talk, Admission admission) {
    const Conversation& conversation = talk.open.conversation;
    Desk& desk = *talk.desk;
    {
        const Reseating reseating(memory.pools, desk);
        ++desk.seats.at(conversation.channel).used;
    }
    desk.conversations.insert(conversation.id);
    talk.claim = ClaimId{turn.take_pos()};
    ClaimRecord record = record_of(talk, talk.claim.value);
    record.admission = admission;
    turn.store(record);
    turn.touch(desk.agent.id);
}

void free_slot(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    Desk& desk = *talk.desk;
    const Pos pos = turn.take_pos();
    {
        const Reseating reseating(memory.pools, desk);
        --desk.seats.at(conversation.channel).used;
        desk.agent.idle_pos = pos;
    }
    ClaimRecord record = record_of(talk, pos);
    record.to_pos = pos;
    turn.store(record);
    talk.claim = {};
    turn.touch(desk.agent.id);
}

bool hold_for_wrap_up(TenantMemory& memory, Turn& turn, OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    Desk& desk = *talk.desk;
    Seat& seat = desk.seats.at(conversation.channel);
    if (seat.limits.wrap_up.count() == 0 || !desk.is_present()) return false;
    const Pos pos = turn.take_pos();
    const Time until = turn.now() + seat.limits.wrap_up;
    {
        const Reseating reseating(memory.pools, desk);
        ++seat.wrapping_up;
    }
    desk.wrap_ups[talk.claim] = {conversation.id, conversation.channel, pos, until};
    memory.alarms.set({AlarmKind::wrap_up, talk.claim.value, desk.agent.public_id}, until);
    ClaimRecord record = record_of(talk, pos);
    record.wrap_up_pos = pos;
    record.wrap_up_until = until;
    turn.store(record);
    talk.claim = {};
    turn.touch(desk.agent.id);
    return true;
}

void free_wrap_up(TenantMemory& memory, Turn& turn, Desk& desk, ClaimId claim) {
    const auto found = desk.wrap_ups.find(claim);
    if (found == desk.wrap_ups.end()) return;
    const WrapUp wrap_up = found->second;
    const Pos pos = turn.take_pos();
    {
        const Reseating reseating(memory.pools, desk);
        Seat& seat = desk.seats.at(wrap_up.channel);
        --seat.used;
        --seat.wrapping_up;
        desk.agent.idle_pos = pos;
        desk.wrap_ups.erase(found);
    }
    memory.alarms.cancel({AlarmKind::wrap_up, claim.value, desk.agent.public_id});
    ClaimRecord record;
    record.pos = pos;
    record.id = claim;
    record.agent = desk.agent.id;
    record.conversation = wrap_up.conversation;
    record.channel = wrap_up.channel;
    record.active_pos = claim.value;
    record.wrap_up_pos = wrap_up.pos;
    record.wrap_up_until = wrap_up.until;
    record.to_pos = pos;
    turn.store(record);
    turn.touch(desk.agent.id);
}

}  // namespace switchboard
