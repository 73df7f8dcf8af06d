#include "engine/configuration.hpp"

#include <algorithm>
#include <utility>

#include "engine/conversations/patience.hpp"
#include "engine/conversations/transitions.hpp"
#include "engine/conversations/waiting_room.hpp"
#include "engine/people/attendance.hpp"

namespace switchboard {
namespace {

constexpr std::size_t name_bytes_max = 200;
constexpr int waiting_limit = 10'000;
constexpr std::chrono::seconds grace_limit{300};
constexpr std::chrono::seconds confirm_limit{60};
constexpr std::chrono::seconds silence_limit{30 * 24 * 3600};

bool is_name(const std::string& name) { return !name.empty() && name.size() <= name_bytes_max; }

bool is_within(std::chrono::seconds time, std::chrono::seconds min, std::chrono::seconds max) {
    return min <= time && time <= max;
}

// False, and refused, when he may not.
bool may_configure(Turn& turn, const Asker& asker) {
    const auto refusal = authorize(asker.principal, Action::configure, nullptr);
    if (refusal) turn.refuse(*refusal);
    return !refusal;
}

bool are_known(const TenantMemory& memory, const std::vector<GroupId>& groups) {
    return std::ranges::all_of(groups,
                               [&](GroupId group) { return memory.groups.contains(group); });
}

std::string_view wrong_field(const TenantMemory& memory, const Account& account) {
    if (!is_name(account.name)) return "name";
    if (!is_name(account.login)) return "login";
    if (!are_known(memory, account.groups)) return "groups";
    return {};
}

void serve_all(TenantMemory& memory, Turn& turn) {
    for (const auto& [id, desk] : memory.staff.desks())
        serve_queue(memory, turn, id);
}

bool is_rule(const SiteRule& rule) {
    return rule.waiting_max >= 1 && rule.waiting_max <= waiting_limit &&
           is_within(rule.wait_max, std::chrono::seconds(0), silence_limit);
}

std::string_view wrong_field(const TenantSettings& settings) {
    const std::chrono::seconds none{0};
    if (!is_within(settings.agent_grace, none, grace_limit)) return "agent_grace";
    if (!is_within(settings.visitor_grace, none, grace_limit)) return "visitor_grace";
    if (!is_within(settings.confirm_within, std::chrono::seconds(1), confirm_limit))
        return "confirm_within";
    if (!is_within(settings.inactive_after, none, silence_limit)) return "inactive_after";
    if (!is_within(settings.close_after, none, silence_limit)) return "close_after";
    return {};
}

Agent changed(Agent agent, const Account& account) {
    agent.login = account.login;
    agent.name = account.name;
    agent.role = account.role;
    agent.enabled = account.enabled;
    agent.groups = account.groups;
    return agent;
}

bool is_in_time(Turn& turn, const ConfigureAgent& command, const Desk* desk) {
    if (desk == nullptr || !command.seen) return true;
    const Agent present = written_down(*desk);
    return turn.is_in_time(
        command.seen, version_of(present), version_of(changed(present, command.account)));
}

// Who may no longer log in or serve is gone at once; his logins end, and with them his sockets.
void shut_out(TenantMemory& memory, Turn& turn, Desk& desk) {
    {
        const Reseating reseating(memory.pools, desk);
        memory.roster.forget(desk.agent.public_id);
        desk.connected = false;
    }
    note_agent_lost(memory, turn, desk.agent.id, AgentGone::disabled);
}

}  // namespace

void configure(TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const ConfigureAgent& command) {
    if (!may_configure(turn, asker)) return;
    const Account& account = command.account;
    const auto wrong = wrong_field(memory, account);
    if (!wrong.empty()) return turn.refuse(Refusal::invalid, wrong);
    Desk* desk = memory.staff.find(account.id);
    const Role by = asker.principal.role;
    if (!may_appoint(by, account.role) || (desk != nullptr && !may_appoint(by, desk->agent.role)))
        return turn.refuse(Refusal::forbidden);
    if (!is_in_time(turn, command, desk)) return;
    if (memory.staff.has_login(account.login, account.id))
        return turn.refuse(Refusal::login_taken, "login");
    if (desk == nullptr) {
        Agent agent;
        agent.id = account.id;
        agent.public_id = account.public_id;
        desk = &memory.staff.add(std::move(agent));
        memory.pools.put(*desk);
    }
    {
        const Reseating reseating(memory.pools, *desk);
        desk->agent = changed(std::move(desk->agent), account);
    }
    AccountRecord record{turn.take_pos(), account};
    record.account.public_id = desk->agent.public_id;
    turn.store(std::move(record));
    turn.touch(account.id);
    if (!account.enabled || !may_serve(account.role)) shut_out(memory, turn, *desk);
    serve_queue(memory, turn, account.id);
}

void configure(TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const ConfigureGroup& command) {
    if (!may_configure(turn, asker)) return;
    if (!is_name(command.group.name)) return turn.refuse(Refusal::invalid, "name");
    Group group = command.group;
    const auto known = memory.groups.find(group.id);
    if (known != memory.groups.end()) {
        group.public_id = known->second.public_id;
        if (!turn.is_in_time(command.seen, version_of(known->second), version_of(group))) return;
    }
    memory.groups[group.id] = group;
    turn.store(GroupRecord{turn.take_pos(), std::move(group)});
}

void configure(TenantMemory& memory, Turn& turn, const Asker& asker, const ConfigureSite& command) {
    if (!may_configure(turn, asker)) return;
    if (!is_name(command.site.name)) return turn.refuse(Refusal::invalid, "name");
    if (!are_known(memory, command.site.groups)) return turn.refuse(Refusal::invalid, "groups");
    if (!std::ranges::all_of(command.site.rules, is_rule))
        return turn.refuse(Refusal::invalid, "rules");
    Site site = command.site;
    const auto known = memory.sites.find(site.id);
    if (known != memory.sites.end()) {
        site.key = known->second.key;
        if (!turn.is_in_time(command.seen, version_of(known->second), version_of(site))) return;
    }
    memory.sites[site.id] = site;
    memory.pools.set_groups(site.id, site.groups);
    turn.store(SiteRecord{turn.take_pos(), std::move(site)});
    for (const auto& [id, talk] : memory.conversations.all())
        arm_wait_limit(memory, *talk);
    serve_all(memory, turn);
    stir(memory, turn.now());  // who would wait, or be refused, may be told something else now
}

void configure(TenantMemory& memory,
               Turn& turn,
               const Asker& asker,
               const ConfigureTenant& command) {
    if (!may_configure(turn, asker)) return;
    const auto wrong = wrong_field(command.settings);
    if (!wrong.empty()) return turn.refuse(Refusal::invalid, wrong);
    const TenantSettings& wanted = command.settings;
    if (!turn.is_in_time(command.seen, version_of(memory.settings), version_of(wanted))) return;
    memory.settings = wanted;
    turn.store(SettingsRecord{turn.take_pos(), command.settings});
    for (const auto& [id, talk] : memory.conversations.all()) {
        arm_silence(memory, *talk);
        arm_absence(memory, turn.now(), *talk);
    }
}

}  // namespace switchboard
