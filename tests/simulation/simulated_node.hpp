#pragma once

#include <map>
#include <string>

#include "simulation/crowd.hpp"
#include "simulation/witness.hpp"

namespace switchboard {

// How often each rare path was walked, over all days: a simulation that never did proves nothing.
using Sometimes = std::map<std::string, std::int64_t>;

// One owner of the tenant: a real TenantLoop whose store, lease and clock are played, with faults.
class SimulatedNode {
public:
    struct World {
        MemoryDatabase& database;
        Crowd& crowd;
        Witness& witness;
        Sometimes& sometimes;
        Time now;
        std::int64_t epoch = 0;  // of the last take
    };

    SimulatedNode(World& world, int number);

    // A random command goes into the mailbox.
    void submit();

    // Does the loop's next step, with a fault now and then; false when it had nothing to do.
    bool step(bool faults);

    // Until nothing is under way, without faults.
    void settle();

    // Its lease runs out. It may notice, or go on like a zombie until it is fenced.
    void lose_lease();

    // What must hold whenever the loop rests between two steps.
    void check() const;

private:
    bool owns() const { return loop_.epoch() == world_.epoch; }
    void store(const Batch& batch, bool faults);
    Commit commit(const Batch& batch);
    Commit fault(const Batch& batch);
    void stay_silent();
    void take();
    void carry_out(bool faults);
    void show();
    void hit(const std::string& path) { ++world_.sometimes[path]; }

    World& world_;
    int number_;
    Incarnation me_;
    TenantLoop loop_;
    std::shared_ptr<ReplyReceiver> receiver_;
};

}  // namespace switchboard
