#include <functional>

#include "conformance/on_tenant_log.hpp"

namespace switchboard {
namespace {

// What is configured while the tenant lives.
class ConfigurationOn : public OnTenantLog {
protected:
    static AccountRecord account(std::int64_t id, const std::string& login) {
        AccountRecord record;
        record.account.id.value = id;
        record.account.public_id = public_id(static_cast<std::uint8_t>(id));
        record.account.login = login;
        record.account.name = "Name \"of\" " + login;
        return record;
    }

    static GroupRecord group(std::int64_t id, const std::string& name) {
        return {0, {GroupId{id}, public_id(static_cast<std::uint8_t>(id)), name}};
    }

    static SiteRecord site(std::int64_t id, const std::string& key) {
        SiteRecord record;
        record.site.id.value = id;
        record.site.key = key;
        record.site.name = "Site {" + key + "}";
        return record;
    }
};

TEST_P(ConfigurationOn, LoadsWhatWasConfiguredBefore) {
    const TenantState expected = seed_tenant(1).state;
    const TenantState loaded = load();
    EXPECT_EQ(loaded.settings, expected.settings);
    EXPECT_EQ(loaded.groups, expected.groups);
    EXPECT_EQ(loaded.sites, expected.sites);
    EXPECT_EQ(loaded.agents, expected.agents);
    EXPECT_EQ(loaded, expected);
}

TEST_P(ConfigurationOn, LoadsTheLastSettings) {
    auto writer = this->writer();
    SettingsRecord record;
    record.settings.agent_grace = std::chrono::seconds(1);
    record.settings.visitor_grace = std::chrono::seconds(2);
    record.settings.confirm_within = std::chrono::seconds(3);
    record.settings.inactive_after = std::chrono::seconds(4);
    record.settings.close_after = std::chrono::seconds(5);
    record.settings.when_agent_gone = WhenAgentGone::requeue;
    record.settings.draft_preview = true;
    ASSERT_EQ(writer.commit({SettingsRecord()}), Commit::stored);
    EXPECT_FALSE(load().settings.draft_preview);
    ASSERT_EQ(writer.commit({SettingsRecord(), record}), Commit::stored);
    EXPECT_EQ(load().settings, record.settings);
    EXPECT_EQ(load(TenantId{2}).settings, seed_tenant(2).state.settings);
}

TEST_P(ConfigurationOn, AddsAndChangesAGroup) {
    auto writer = this->writer();
    const auto third = group(3, "Support é");
    auto first = group(1, "");
    ASSERT_EQ(writer.commit({third, first}), Commit::stored);
    const auto groups = load().groups;
    ASSERT_EQ(groups.size(), 3U);
    EXPECT_EQ(groups.front(), first.group);
    EXPECT_EQ(groups.back(), third.group);
}

TEST_P(ConfigurationOn, AddsASiteOfAGroupOfTheSameBatch) {
    auto writer = this->writer();
    auto added = site(5, "new-key");
    added.site.groups = {GroupId{2}, GroupId{7}};
    added.site.origins = {"https://a.example", "https://\"b\",{}\\.example"};
    added.site.rules = {{Channel::chat,
                         WhenNobodyFree::leave_message,
                         3,
                         std::chrono::seconds(60),
                         WhenWaitedLong::leave_message},
                        {Channel::call, WhenNobodyFree::refuse}};
    ASSERT_EQ(writer.commit({added, group(7, "new")}), Commit::stored);
    EXPECT_EQ(load().sites.back(), added.site);
}

TEST_P(ConfigurationOn, ReplacesTheGroupsRulesAndOriginsOfASite) {
    auto writer = this->writer();
    auto changed = site(1, "other-key");
    changed.site.groups = {GroupId{2}};
    changed.site.rules = {{Channel::messaging, WhenNobodyFree::leave_message}};
    ASSERT_EQ(writer.commit({changed}), Commit::stored);
    EXPECT_EQ(load().sites.front(), changed.site);
    changed.site.groups.clear();
    changed.site.rules.clear();
    ASSERT_EQ(writer.commit({changed}), Commit::stored);
    EXPECT_EQ(load().sites.front(), changed.site);
    EXPECT_EQ(load().sites.size(), 2U);
}

TEST_P(ConfigurationOn, DivergesOnAKeyOfAnotherSite) {
    auto writer = this->writer();
    EXPECT_EQ(writer.commit({site(1, "tenant-1-blog")}), Commit::diverged);
    EXPECT_EQ(writer.commit({site(9, "tenant-2-blog")}), Commit::diverged);
    EXPECT_EQ(load().sites, seed_tenant(1).state.sites);
}

TEST_P(ConfigurationOn, AddsAnAccountWithoutAHashThatNoPasswordHas) {
    auto writer = this->writer();
    auto added = account(20, "mia@example.com");
    added.account.role = Role::manager;
    added.account.groups = {GroupId{1}, GroupId{2}};
    auto channel = limit(AgentId{20}, 2, 3);
    ASSERT_EQ(writer.commit({channel, added}), Commit::stored);
    const Agent mia = agent(AgentId{20});
    EXPECT_EQ(mia.public_id, added.account.public_id);
    EXPECT_EQ(mia.login, "mia@example.com");
    EXPECT_EQ(mia.name, added.account.name);
    EXPECT_EQ(mia.role, Role::manager);
    EXPECT_TRUE(mia.enabled);
    EXPECT_EQ(mia.groups, added.account.groups);
    EXPECT_EQ(mia.channels.size(), 1U);
    EXPECT_EQ(history().password_hashes.back(), "!");
}

TEST_P(ConfigurationOn, ChangesAnAccountAndKeepsItsHashWhenItComesWithout) {
    auto writer = this->writer();
    auto changed = account(ann.value, "new@example.com");
    changed.account.enabled = false;
    ASSERT_EQ(writer.commit({changed}), Commit::stored);
    EXPECT_EQ(agent(ann).login, "new@example.com");
    EXPECT_FALSE(agent(ann).enabled);
    EXPECT_EQ(agent(ann).channels, seed_tenant(1).state.agents.front().channels);
    EXPECT_EQ(history().password_hashes.front(), "hash of agent11@example.com");

    auto again = changed;
    again.account.password_hash = "a new one";
    ASSERT_EQ(writer.commit({again, changed}), Commit::stored);
    EXPECT_EQ(history().password_hashes.front(), "a new one");
}

TEST_P(ConfigurationOn, ReplacesTheMembershipsOfAnAccount) {
    auto writer = this->writer();
    auto changed = account(cat.value, "cat");
    changed.account.groups = {GroupId{2}};
    ASSERT_EQ(writer.commit({changed}), Commit::stored);
    EXPECT_EQ(agent(cat).groups, changed.account.groups);
    EXPECT_EQ(agent(ann).groups, std::vector{GroupId{1}});
    changed.account.groups = {GroupId{1}, GroupId{3}};
    ASSERT_EQ(writer.commit({changed, group(3, "third")}), Commit::stored);
    EXPECT_EQ(agent(cat).groups, changed.account.groups);
}

TEST_P(ConfigurationOn, DivergesOnALoginOrAGroupThatIsNotTheirs) {
    auto writer = this->writer();
    EXPECT_EQ(writer.commit({account(20, "agent11@example.com")}), Commit::diverged);
    auto lost = account(20, "lost");
    lost.account.groups = {GroupId{99}};
    EXPECT_EQ(writer.commit({lost}), Commit::diverged);
    auto of_nobody = site(1, "some-key");
    of_nobody.site.groups = {GroupId{99}};
    EXPECT_EQ(writer.commit({of_nobody}), Commit::diverged);
    EXPECT_EQ(load().agents, seed_tenant(1).state.agents);
}

TEST_P(ConfigurationOn, LetsTwoAgentsExchangeTheirLoginsInOneBatch) {
    auto writer = this->writer();
    ASSERT_EQ(writer.commit({account(ann.value, "for a moment"),
                             account(bob.value, "agent11@example.com"),
                             account(ann.value, "agent12@example.com")}),
              Commit::stored);
    EXPECT_EQ(agent(ann).login, "agent12@example.com");
    EXPECT_EQ(agent(bob).login, "agent11@example.com");
}

// One record of every kind that has come since conversations were first stored.
std::vector<std::pair<std::string, Record>> later_kinds() {
    PresenceRecord presence;
    presence.agent = ann;
    BlockRecord block;
    block.block.public_id = public_id(1);
    AccountRecord account;
    account.account.id = AgentId{20};
    SiteRecord site;
    site.site = {SiteId{9}, "a-key", "", {}, {}, {{Channel::chat}}};
    return {{"presence", presence},
            {"total", TotalLimitRecord{0, ann, 1}},
            {"attendance", AttendanceRecord{0, ann, Attendance::present}},
            {"block", block},
            {"missed", MissedRecord()},
            {"form", FormRecord()},
            {"rating", RatingRecord()},
            {"account", account},
            {"group", GroupRecord{0, {GroupId{9}, public_id(9), "ninth"}}},
            {"site", site},
            {"settings", SettingsRecord()},
            {"limit", limit(ann, 9, 9)}};
}

TEST_P(ConfigurationOn, WritesNothingOfABatchThatIsFenced) {
    auto before = writer();
    (void)writer();
    const TenantState state = load();
    const StoredHistory then = history();
    for (const auto& [name, record] : later_kinds()) {
        EXPECT_EQ(before.commit({record}), Commit::fenced) << name;
        EXPECT_EQ(load(), state) << name;
        EXPECT_EQ(history(), then) << name;
    }
}

TEST_P(ConfigurationOn, WritesABatchThatIsSentAgainOnce) {
    auto writer = this->writer();
    for (const auto& [name, record] : later_kinds()) {
        const Batch batch = writer.batch({record});
        EXPECT_EQ(writer.commit(batch), Commit::stored) << name;
        const TenantState state = load();
        const StoredHistory then = history();
        EXPECT_EQ(writer.commit(batch), Commit::stored) << name;
        EXPECT_EQ(load(), state) << name;
        EXPECT_EQ(history(), then) << name;
        EXPECT_EQ(state.log_pos, batch.fence.pos + 1) << name;
    }
    const Batch lift = writer.batch({LiftRecord{0, load().blocks.front().id, {}, noon}});
    EXPECT_EQ(writer.commit(lift), Commit::stored);
    EXPECT_EQ(writer.commit(lift), Commit::stored);
    EXPECT_EQ(history().lifts.size(), 1U);
}

TEST_P(ConfigurationOn, RefusesTextsThatCannotBeStored) {
    auto writer = this->writer();
    const std::string poison = "half a character: \xC3";
    PresenceRecord presence;
    presence.agent = ann;
    presence.wish.text = poison;
    BlockRecord block;
    block.block.reason = poison;
    FormRecord form;
    form.tags = {poison};
    RatingRecord rating;
    rating.comment = poison;
    auto origins = site(1, "key");
    origins.site.origins = {poison};
    for (const Record& record : std::initializer_list<Record>{presence,
                                                              block,
                                                              form,
                                                              rating,
                                                              account(11, poison),
                                                              group(1, poison),
                                                              site(1, poison),
                                                              origins})
        EXPECT_EQ(writer.commit({record}), Commit::refused) << record.index();
    EXPECT_EQ(load().log_pos, 0);
}

SWITCHBOARD_ON_EVERY_STORAGE(ConfigurationOn);

}  // namespace
}  // namespace switchboard
