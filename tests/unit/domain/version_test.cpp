#include "domain/version.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

template <class Thing>
using Changes = std::vector<std::function<void(Thing&)>>;

// Each change makes a version of its own.
template <class Thing>
void expect_apart(const Thing& thing, const Changes<Thing>& changes) {
    EXPECT_EQ(version_of(thing), version_of(Thing(thing)));
    std::vector<std::uint64_t> seen{version_of(thing).value};
    for (const auto& change : changes) {
        Thing changed = thing;
        change(changed);
        const auto version = version_of(changed).value;
        EXPECT_EQ(std::ranges::count(seen, version), 0) << "change " << seen.size();
        seen.push_back(version);
    }
}

TEST(Version, OfAnAgentIsAnotherWithEachOfHisFields) {
    Agent agent;
    agent.login = "ab";
    agent.name = "c";
    agent.groups = {GroupId{1}};
    agent.channels.resize(1);
    expect_apart<Agent>(agent,
                        {[](Agent& it) { it.public_id.bytes[15] = 1; },
                         [](Agent& it) { it.login = "x"; },
                         [](Agent& it) { it.login = "a", it.name = "bc"; },
                         [](Agent& it) { it.role = Role::manager; },
                         [](Agent& it) { it.enabled = false; },
                         [](Agent& it) { it.total_max = 1; },
                         [](Agent& it) { it.groups = {}; },
                         [](Agent& it) {
                             it.groups = {GroupId{1}, GroupId{2}};
                         },
                         [](Agent& it) { it.channels = {}; },
                         [](Agent& it) { it.channels[0].channel = Channel::call; },
                         [](Agent& it) { it.channels[0].enabled = false; },
                         [](Agent& it) { it.channels[0].slots_max = 2; },
                         [](Agent& it) { it.channels[0].slots_hard_max = 2; },
                         [](Agent& it) { it.channels[0].wrap_up = 1s; }});
}

TEST(Version, OfAnAgentSaysNothingOfHisPresence) {
    Agent agent;
    agent.channels.resize(1);
    Agent busy = agent;
    busy.idle_pos = 7;
    busy.attendance = Attendance::present;
    busy.channels[0].wish.intent = Intent::unavailable;
    busy.channels[0].version = 8;
    EXPECT_EQ(version_of(agent), version_of(busy));
}

TEST(Version, OfAGroupASiteAndSettingsIsAnotherWithEachOfTheirFields) {
    expect_apart<Group>(
        {GroupId{1}, {}, "Sales"},
        {[](Group& it) { it.public_id.bytes[0] = 1; }, [](Group& it) { it.name = "Support"; }});
    Site site;
    site.key = "shop";
    site.origins = {"ab", "c"};
    site.rules = {SiteRule()};
    expect_apart<Site>(
        site,
        {[](Site& it) { it.key = "blog"; },
         [](Site& it) { it.name = "Blog"; },
         [](Site& it) {
             it.origins = {"a", "bc"};
         },
         [](Site& it) { it.groups = {GroupId{1}}; },
         [](Site& it) { it.rules = {}; },
         [](Site& it) { it.rules[0].channel = Channel::call; },
         [](Site& it) { it.rules[0].when_nobody_free = WhenNobodyFree::refuse; },
         [](Site& it) { it.rules[0].waiting_max = 1; },
         [](Site& it) { it.rules[0].wait_max = 1s; },
         [](Site& it) { it.rules[0].when_waited_long = WhenWaitedLong::leave_message; }});
    expect_apart<TenantSettings>(
        {},
        {[](TenantSettings& it) { it.agent_grace = 1s; },
         [](TenantSettings& it) { it.visitor_grace = 1s; },
         [](TenantSettings& it) { it.confirm_within = 1s; },
         [](TenantSettings& it) { it.inactive_after = 1s; },
         [](TenantSettings& it) { it.close_after = 1s; },
         [](TenantSettings& it) { it.when_agent_gone = WhenAgentGone::keep; },
         [](TenantSettings& it) { it.draft_preview = true; }});
}

}  // namespace
}  // namespace switchboard
