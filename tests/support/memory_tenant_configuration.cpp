#include <algorithm>
#include <set>

#include "support/memory_tenant_changes.hpp"
#include "support/sort_unique.hpp"

namespace switchboard {
namespace {

// The place of the thing with this id, made when there is none.
template <class Thing, class Id>
Thing& row_of(std::vector<Thing>& list, Id id) {
    const auto place = std::ranges::lower_bound(list, id, {}, [](const Thing& t) { return t.id; });
    if (place != list.end() && place->id == id) return *place;
    Thing thing;
    thing.id = id;
    return *list.insert(place, std::move(thing));
}

bool has_channel_twice(const Site& site) {
    std::set<Channel> channels;
    return std::ranges::any_of(
        site.rules, [&](const SiteRule& rule) { return !channels.insert(rule.channel).second; });
}

// Whether no two of the rows have the same key, once those of `changed` have replaced the others.
template <class Row, class Changed, class KeyOf>
bool are_apart(const std::vector<Row>& rows, const Changed& changed, const KeyOf& key_of) {
    std::set<std::decay_t<decltype(key_of(rows.front()))>> keys;
    for (const auto& [id, row] : changed)
        if (!keys.insert(key_of(row)).second) return false;
    return std::ranges::none_of(rows, [&](const Row& row) {
        return !changed.contains(row.id) && keys.contains(key_of(row));
    });
}

}  // namespace

const Agent* MemoryTenant::agent(AgentId id) const {
    const auto place = find_by_id(configuration.agents, id);
    return place == configuration.agents.end() ? nullptr : &*place;
}

bool MemoryTenant::has_groups(const Changes& changes, const std::vector<GroupId>& ids) const {
    return std::ranges::all_of(ids, [&](GroupId id) {
        return changes.groups.contains(id) ||
               find_by_id(configuration.groups, id) != configuration.groups.end();
    });
}

// Public ids, logins and keys are used once; groups that are named are there.
std::optional<Commit> MemoryTenant::objection_to_configuration(const Changes& changes,
                                                               Commit used_twice) const {
    const auto public_id = [](const auto& row) { return row.public_id; };
    if (!are_apart(configuration.groups, changes.groups, public_id)) return used_twice;

    const auto key = [](const Site& site) { return site.key; };
    if (!are_apart(configuration.sites, changes.sites, key)) return used_twice;
    for (const auto& [id, site] : changes.sites)
        if (!has_groups(changes, site.groups)) return Commit::diverged;
    for (const auto& [id, site] : changes.sites)
        if (has_channel_twice(site)) return used_twice;

    const auto login = [](const auto& account) { return account.login; };
    if (!are_apart(configuration.agents, changes.accounts, public_id) ||
        !are_apart(configuration.agents, changes.accounts, login))
        return used_twice;
    for (const auto& [id, account] : changes.accounts)
        if (!has_groups(changes, account.groups)) return Commit::diverged;
    return std::nullopt;
}

void MemoryTenant::apply_configuration(const Changes& changes) {
    if (changes.settings != nullptr) configuration.settings = changes.settings->settings;
    for (const auto& [id, group] : changes.groups)
        row_of(configuration.groups, id) = group;
    for (const auto& [id, site] : changes.sites) {
        Site& row = row_of(configuration.sites, id);
        row = site;
        sort_unique(row.groups);
        std::ranges::sort(row.rules, {}, &SiteRule::channel);
    }
    for (const auto& [id, account] : changes.accounts)
        apply(account);
}

// Without a hash an account keeps the one it had; a new one gets one that no password has.
void MemoryTenant::apply(const Account& account) {
    Agent& row = row_of(configuration.agents, account.id);
    row.public_id = account.public_id;
    row.login = account.login;
    row.name = account.name;
    row.role = account.role;
    row.enabled = account.enabled;
    row.groups = account.groups;
    sort_unique(row.groups);
    std::string& hash = password_hashes.try_emplace(account.id, "!").first->second;
    if (!account.password_hash.empty()) hash = account.password_hash;
}

}  // namespace switchboard
