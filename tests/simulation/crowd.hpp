#pragma once

#include <random>
#include <vector>

#include "support/tenant_script.hpp"

namespace switchboard {

// The people of a simulated tenant and what they ask for, by chance: mostly sensible commands, and
// some that repeat, contradict, come too late, are another's, or cannot be stored.
class Crowd {
public:
    static constexpr int agents = 4;
    static constexpr int visitors = 7;
    static constexpr std::chrono::seconds grace{3};  // of agents

    explicit Crowd(std::uint64_t seed) : random_(seed) {}

    static TenantState configuration();

    Command any_command(Time now);

    // What is open now, so that most commands make sense.
    void look_at(const TenantMemory& memory);

    int up_to(int max) { return std::uniform_int_distribution<int>(0, max)(random_); }
    bool once_in(int times) { return up_to(times - 1) == 0; }

private:
    Command start(Time now);
    Command send(Time now);
    Command repeat(Time now);
    Command handle(Time now);
    Command block(Time now);
    Command configure();
    Principal anybody();
    std::pair<Principal, PublicId> anybody_in_a_talk();

    std::mt19937_64 random_;
    struct Talk {
        PublicId id;
        PublicId visitor;
        std::int64_t agent = 0;
    };
    std::vector<Talk> open_;
    std::vector<PublicId> talks_;   // ever named
    std::vector<PublicId> blocks_;  // ever asked for
    std::vector<Command> said_;     // starts and sends
    std::int64_t minted_ = 0;
};

inline const std::string unsaid = "not said yet";  // of drafts, and of nothing else (K9)
inline const std::string unstorable = "\xFF";      // passes the engine, not the store

}  // namespace switchboard
