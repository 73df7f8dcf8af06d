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

    // One misfortune, any or the named one, which is over when this returns but for its
    // consequences.
    void strike(Random& random);
    void strike(const std::string& name, Random& random);

    // All stopped processes go on and held bytes are delivered.
    void heal();

    // SIGTERM; the owners that did not end well within the time.
    int stop_owners(std::chrono::seconds within);

    // How often each was dealt.
    const std::map<std::string, int>& strikes() const { return strikes_; }

private:
    struct Owner {
        pid_t process = -1;
        Incarnation incarnation;
        std::unique_ptr<ByteProxy> proxy;
    };

    struct Strike {
        const char* name;
        int weight;  // how often, beside the others
        void (SqlNemesis::*deal)(Owner&, Random&);
    };
    static const std::vector<Strike>& all_strikes();

    void deal(const Strike& strike, Random& random);
    void spawn(Owner& owner, bool names_predecessor);
    void query(const std::string& text);
    void expire_lease(const Owner& owner);

    void kill_owner(Owner& owner, Random& random);
    void pause_owner(Owner& owner, Random& random);
    void cut(Owner& owner, Random& random);
    void hold_then_cut(Owner& owner, Random& random);
    void hold_past_the_lease(Owner& owner, Random& random);
    void withhold_answers(Owner& owner, Random& random);
    void cut_behind_a_lock(Owner& owner, Random& random);
    void lock_a_tenant(Owner& owner, Random& random);
    void end_backend(Owner& owner, Random& random);
    void kill_backend(Owner& owner, Random& random);
    void kill_postmaster(Owner& owner, Random& random);

    PostgresCluster& cluster_;
    std::string database_;
    std::string folder_;
    int tenants_;
    int runs_ = 0;
    std::vector<Owner> owners_;
    std::map<std::string, int> strikes_;
};

}  // namespace switchboard
