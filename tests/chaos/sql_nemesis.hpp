#pragma once

#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

#include "chaos/chaos_tenant.hpp"
#include "domain/ids.hpp"
#include "support/byte_proxy.hpp"
#include "support/postgres_cluster.hpp"

namespace switchboard {

// The owner processes of a run and everything that is done to them and to their PostgreSQL. What it
// did is counted by name.
class SqlNemesis {
public:
    SqlNemesis(PostgresCluster& cluster, std::string database, std::string folder, int tenants);
    ~SqlNemesis();

    void start_owners(int count);

    // One misfortune, which is over when this returns but for its consequences.
    void strike(Random& random);

    // All stopped processes go on and held bytes are delivered.
    void heal();

    // SIGTERM; the owners that did not end well within the time.
    int stop_owners(std::chrono::seconds within);

    const std::map<std::string, int>& strikes() const { return strikes_; }

private:
    struct Owner {
        pid_t process = -1;
        Incarnation incarnation;
        std::unique_ptr<ByteProxy> proxy;
    };

    void spawn(Owner& owner, bool names_predecessor);
    void query(const std::string& text);
    void expire_lease(const Owner& owner);
    std::string one_of_the_lanes();

    void kill_owner(Owner& owner, Random& random);
    void pause_owner(Owner& owner, Random& random);
    void cut(Owner& owner, Random& random);
    void hold_then_cut(Owner& owner, Random& random);
    void hold_past_the_lease(Owner& owner, Random& random);
    void withhold_answers(Owner& owner);
    void cut_behind_a_lock(Owner& owner, Random& random);
    void lock_a_tenant(Random& random);
    void end_backend(Random& random);
    void kill_backend();
    void kill_postmaster(Random& random);

    PostgresCluster& cluster_;
    std::string database_;
    std::string folder_;
    int tenants_;
    int runs_ = 0;
    std::vector<Owner> owners_;
    std::map<std::string, int> strikes_;
};

}  // namespace switchboard
