#include "engine/people/attendance.hpp"

#include "engine/views.hpp"
#include "engine/work/transitions.hpp"

namespace switchboard {
namespace {

constexpr int slots_limit = 100;  // of a person's slots_max (C1)

bool is_visitor(const Asker& asker) { return asker.principal.role == Role::visitor; }

void appear(TenantMemory& memory, Turn& turn, Desk& desk) {
    {
        const Reseating reseating(memory.pools, desk);
        desk.connected = true;
    }
    turn.touch(desk.agent.id);
    serve_queue(memory, turn, desk.agent.id);
}

}  // namespace

void connect(TenantMemory& memory, Turn& turn, const Asker& asker, const Connect& command) {
    Desk* desk = memory.staff.find(AgentId{asker.principal.person.id});
    if (!is_visitor(asker) && desk == nullptr) return turn.refuse(Refusal::not_found);
    if (const auto refusal = authorize(asker.principal, Action::connect, nullptr))
        return turn.refuse(*refusal);

    const auto joined = memory.roster.join(asker.principal.public_id, command.connection);
    if (joined == Roster::Joined::too_many) return turn.refuse(Refusal::too_many_connections);
    if (joined == Roster::Joined::stale) return turn.refuse(Refusal::invalid, "session_id");

    if (is_visitor(asker)) {
        if (joined == Roster::Joined::first) memory.visitors.hold(asker.visitor);
        return turn.answer(welcome_visitor(memory, asker.visitor));
    }
    if (joined == Roster::Joined::first) appear(memory, turn, *desk);
    turn.answer(welcome_agent(memory, *desk));
}

void disconnect(TenantMemory& memory, Turn& turn, const Asker& asker, const Disconnect& command) {
    if (!memory.roster.leave(asker.principal.public_id, command.connection)) return;
    if (is_visitor(asker)) return memory.visitors.forget(asker.principal.public_id);
    Desk* desk = memory.staff.find(AgentId{asker.principal.person.id});
    if (desk == nullptr) return;
    {
        const Reseating reseating(memory.pools, *desk);
        desk->connected = false;
    }
    turn.touch(desk->agent.id);
}

void set_limits(TenantMemory& memory, Turn& turn, const Asker& asker, const SetLimits& command) {
    if (const auto refusal = authorize(asker.principal, Action::set_limits, nullptr))
        return turn.refuse(*refusal);
    Desk* desk = memory.staff.find(command.agent);
    if (desk == nullptr) return turn.refuse(Refusal::not_found, "agent_id");
    if (command.slots_max < 1 || command.slots_max > slots_limit)
        return turn.refuse(Refusal::invalid, "slots_max");
    if (command.slots_hard_max < command.slots_max || command.slots_hard_max > slots_limit)
        return turn.refuse(Refusal::invalid, "slots_hard_max");
    {
        const Reseating reseating(memory.pools, *desk);
        desk->seats[command.channel].limits = {
            command.channel, command.enabled, command.slots_max, command.slots_hard_max};
    }
    turn.store(LimitRecord{turn.take_pos(),
                           command.agent,
                           command.channel,
                           command.enabled,
                           command.slots_max,
                           command.slots_hard_max});
    turn.touch(command.agent);
    serve_queue(memory, turn, command.agent);
}

}  // namespace switchboard
