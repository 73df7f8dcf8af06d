#include "support/random_batches.hpp"

namespace switchboard {

void RandomBatches::add_configuration(Draft& draft) {
    switch (below(4)) {
        case 0:
            return add_account(draft);
        case 1:
            return add_group(draft);
        case 2:
            return add_site(draft);
        default:
            return add_settings(draft);
    }
}

// Sometimes somebody new, who then has a channel as well; sometimes with the login of another.
void RandomBatches::add_account(Draft& draft) {
    const auto& agents = draft.state.agents;
    const Agent& known = agents[random_() % agents.size()];
    Account account;
    account.id = known.id;
    account.public_id = known.public_id;
    const bool is_new = once_in(4);
    if (is_new) account.id.value = 20 + below(3);
    if (is_new) account.public_id.bytes[15] = static_cast<std::uint8_t>(account.id.value);
    account.login = "agent" + std::to_string(account.id.value + (once_in(10) ? 1 : 0)) + any_text();
    if (once_in(2)) account.password_hash = "hash " + any_text();
    account.name = any_text();
    account.role = once_in(3) ? Role::manager : Role::agent;
    account.enabled = !once_in(3);
    account.groups = any_groups(draft.state);
    draft.add(AccountRecord{draft.next_pos(), account});
    if (!is_new) return;
    LimitRecord limit;
    limit.pos = draft.next_pos();
    limit.agent = account.id;
    limit.slots_max = limit.slots_hard_max = 2;
    draft.add(limit);
}

void RandomBatches::add_group(Draft& draft) {
    Group group;
    group.id.value = 1 + below(4);
    group.public_id.bytes = {0xB0};
    group.public_id.bytes[15] = static_cast<std::uint8_t>(group.id.value);
    if (once_in(10)) ++group.public_id.bytes[15];
    group.name = any_text();
    draft.add(GroupRecord{draft.next_pos(), group});
}

void RandomBatches::add_site(Draft& draft) {
    Site site;
    site.id.value = 1 + below(3);
    site.key = "key " + std::to_string(once_in(10) ? 1 : site.id.value);
    site.name = any_text();
    site.origins = any_texts();
    site.groups = any_groups(draft.state);
    for (int channel = 1; channel <= 4; ++channel) {
        if (once_in(2)) continue;
        SiteRule rule;
        rule.channel = static_cast<Channel>(channel);
        rule.when_nobody_free = static_cast<WhenNobodyFree>(1 + below(3));
        rule.waiting_max = 1 + below(1000);
        rule.wait_max = std::chrono::seconds(below(1000));
        rule.when_waited_long = static_cast<WhenWaitedLong>(1 + below(2));
        site.rules.push_back(rule);
    }
    draft.add(SiteRecord{draft.next_pos(), site});
}

void RandomBatches::add_settings(Draft& draft) {
    TenantSettings settings;
    settings.agent_grace = std::chrono::seconds(below(300));
    settings.visitor_grace = std::chrono::seconds(below(300));
    settings.confirm_within = std::chrono::seconds(1 + below(60));
    settings.inactive_after = std::chrono::seconds(below(10'000));
    settings.close_after = std::chrono::seconds(below(10'000));
    settings.when_agent_gone = once_in(2) ? WhenAgentGone::keep : WhenAgentGone::requeue;
    settings.draft_preview = once_in(2);
    draft.add(SettingsRecord{draft.next_pos(), settings});
}

// Ascending; one in twenty is a group that there may not be.
std::vector<GroupId> RandomBatches::any_groups(const TenantState& state) {
    std::vector<GroupId> groups;
    for (const Group& group : state.groups)
        if (once_in(2)) groups.push_back(group.id);
    if (once_in(20)) groups.push_back(GroupId{50});
    return groups;
}

}  // namespace switchboard
