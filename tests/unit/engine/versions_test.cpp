#include <gtest/gtest.h>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

Agent agent_of(Script& script) {
    return written_down(*script.engine.memory().staff.find(AgentId{1}));
}

ConfigureAgent rename(const Agent& agent, const std::string& name) {
    ConfigureAgent command;
    command.account = {
        agent.id, agent.public_id, agent.login, {}, name, agent.role, agent.enabled, agent.groups};
    command.seen = version_of(agent);
    return command;
}

SetLimits limit(const Agent& agent, int slots_max) {
    SetLimits command;
    command.agent = agent.public_id;
    command.slots_max = slots_max;
    command.slots_hard_max = slots_max;
    command.seen = version_of(agent);
    return command;
}

// Of two who saw the same the first is in time, the second too late; who comes again with what is
// there already is in time.
template <class What>
void expect_first_wins(Script& script, const What& first, const What& second) {
    EXPECT_EQ(refusal(script.apply({Script::admin(), first})), std::nullopt);
    const Effects late = script.apply({Script::admin(), second});
    EXPECT_EQ(refusal(late), Refusal::version_mismatch);
    EXPECT_TRUE(late.records.empty());
    EXPECT_EQ(late.positions, 0);
    EXPECT_EQ(refusal(script.apply({Script::admin(), first})), std::nullopt) << "carried out anew";
}

TEST(Seen, A2_OfTwoWhoSawTheSameAgentTheFirstChangesHim) {
    Script script = Script::with({{1, 1}});
    const Agent agent = agent_of(script);
    expect_first_wins(script, rename(agent, "Ann"), rename(agent, "Bob"));
    EXPECT_EQ(agent_of(script).name, "Ann");
}

TEST(Seen, A2_LimitsAreOfTheAgentToo) {
    Script script = Script::with({{1, 1}});
    const Agent agent = agent_of(script);
    expect_first_wins(script, limit(agent, 2), limit(agent, 3));
    EXPECT_EQ(agent_of(script).channels[0].slots_max, 2);
    EXPECT_EQ(refusal(script.apply({Script::admin(), rename(agent, "Ann")})),
              Refusal::version_mismatch);

    const Version seen = version_of(agent_of(script));
    const PublicId& id = agent.public_id;
    expect_first_wins(script, SetTotalLimit{id, 4, seen}, SetTotalLimit{id, 5, seen});
    EXPECT_EQ(agent_of(script).total_max, 4);
}

TEST(Seen, A2_AChannelThatIsNewToHimIsAChange) {
    Script script = Script::with({{1, 1}});
    SetLimits call = limit(agent_of(script), 2);
    call.channel = Channel::call;
    SetLimits video = call;
    video.channel = Channel::video;
    expect_first_wins(script, call, video);
    EXPECT_EQ(agent_of(script).channels.size(), 2U);
}

TEST(Seen, A2_OfTwoWhoSawTheSameGroupSiteOrSettingsTheFirstChangesThem) {
    Script script = Script::with({});
    const auto& memory = script.engine.memory();
    const auto group = [&](const std::string& name) {
        Group changed = memory.groups.at(GroupId{1});
        changed.name = name;
        return ConfigureGroup{changed, version_of(memory.groups.at(GroupId{1}))};
    };
    expect_first_wins(script, group("Sales"), group("Support"));
    EXPECT_EQ(memory.groups.at(GroupId{1}).name, "Sales");

    const auto site = [&](std::vector<std::string> origins) {
        Site changed = memory.sites.at(SiteId{1});
        changed.origins = std::move(origins);
        return ConfigureSite{changed, version_of(memory.sites.at(SiteId{1}))};
    };
    expect_first_wins(script, site({"https://a.example"}), site({"https://b.example"}));
    EXPECT_EQ(memory.sites.at(SiteId{1}).origins.at(0), "https://a.example");

    const auto settings = [&](std::chrono::seconds grace) {
        TenantSettings changed = memory.settings;
        changed.agent_grace = grace;
        return ConfigureTenant{changed, version_of(memory.settings)};
    };
    expect_first_wins(script, settings(5s), settings(6s));
    EXPECT_EQ(memory.settings.agent_grace, 5s);
}

TEST(Seen, A2_WhoDoesNotSayWhatHeSawIsNeverTooLate) {
    Script script = Script::with({{1, 1}});
    ConfigureAgent change = rename(agent_of(script), "Ann");
    change.seen.reset();
    script.apply({Script::admin(), change});
    change.account.name = "Bob";
    EXPECT_EQ(refusal(script.apply({Script::admin(), change})), std::nullopt);
    EXPECT_EQ(agent_of(script).name, "Bob");
}

TEST(Seen, A2_PresenceIsNoChangeOfAnAgent) {
    Script script = Script::with({{1, 1}});
    const Agent before = agent_of(script);
    script.connect(Script::agent(1));
    script.start(1, 1);
    script.want(1, Intent::unavailable, "lunch");
    EXPECT_EQ(refusal(script.apply({Script::admin(), rename(before, "Ann")})), std::nullopt);
}

}  // namespace
}  // namespace switchboard
