#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <utility>

#include "simulation/simulated_node.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

int setting(const char* name, int otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr ? otherwise : std::atoi(value);
}

// Lives through one random day at a tenant: two nodes, of which one owns it at a time.
std::optional<std::string> live_through(std::uint64_t seed, int steps, Sometimes& sometimes) {
    MemoryDatabase database;
    const TenantState configuration = Crowd::configuration();
    database.configure(configuration);
    Crowd crowd(seed);
    Witness witness(database, configuration);
    SimulatedNode::World world{
        database, crowd, witness, sometimes, Time(std::chrono::milliseconds(1'700'000'000'000))};
    SimulatedNode first(world, 1);
    SimulatedNode second(world, 2);
    SimulatedNode* owner = &first;
    SimulatedNode* other = &second;

    for (int step = 0; step < steps && !witness.broken(); ++step) {
        world.now += std::chrono::milliseconds(crowd.up_to(20));
        if (!crowd.once_in(3)) owner->submit();
        if (!owner->step(true)) world.now += std::chrono::milliseconds(crowd.up_to(400));
        owner->check();
        if (crowd.once_in(10)) other->step(true);
        if (!crowd.once_in(120)) continue;
        owner->lose_lease();
        std::swap(owner, other);
    }
    for (SimulatedNode* node : {other, owner})
        node->settle();
    owner->check();
    if (!witness.broken()) witness.audit();
    if (!witness.broken()) return std::nullopt;
    return *witness.broken() + ", seed " + std::to_string(seed);
}

// 100 days of 500 steps, or as many as the environment asks for. One day again:
//   SWITCHBOARD_SIMULATION_SEED=1234 tenant_day
TEST(TenantDay, BreaksNoPromise) {
    const int days = setting("SWITCHBOARD_SIMULATION_DAYS", 100);
    const int steps = setting("SWITCHBOARD_SIMULATION_STEPS", 500);
    const int one = setting("SWITCHBOARD_SIMULATION_SEED", 0);
    Sometimes sometimes;
    for (int day = 1; day <= days; ++day) {
        const auto seed = static_cast<std::uint64_t>(one != 0 ? one : day);
        const auto broken = live_through(seed, steps, sometimes);
        ASSERT_EQ(broken, std::nullopt);
        if (one != 0) return;
    }
    for (const auto& [path, times] : sometimes)
        std::cout << "  " << path << ": " << times << '\n';
    for (const char* path : {"store unreachable",
                             "look-up",
                             "overloaded",
                             "poison",
                             "fenced by a rival",
                             "in doubt, committed",
                             "silent for a minute",
                             "said to be fenced",
                             "said to be a duplicate",
                             "said to have diverged",
                             "lease lost while storing",
                             "stored, but not shown",
                             "shown under the next lease",
                             "abandoned",
                             "active_again",
                             "agent_disabled_queued",
                             "agent_left_queued",
                             "agent_lost_kept",
                             "agent_lost_queued",
                             "agent_lost_reassigned",
                             "agent_unresponsive_queued",
                             "at the limit over all channels",
                             "block expired",
                             "block lifted",
                             "claimed",
                             "closed by a block",
                             "closed for silence",
                             "inactive",
                             "left_as_message",
                             "missed 1",
                             "missed 2",
                             "missed 3",
                             "missed 4",
                             "reconnecting",
                             "slot taken back",
                             "visitor_back",
                             "visitor_left",
                             "waited too long",
                             "wrap-up",
                             "wrap-up over"}) {
        EXPECT_GT(sometimes[path], 0) << "no day was hard enough: " << path;
    }
}

}  // namespace
}  // namespace switchboard
