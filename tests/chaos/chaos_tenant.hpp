#pragma once

#include <pqxx/pqxx>

#include <algorithm>
#include <random>
#include <vector>

#include "tenants/tenant_log.hpp"

namespace switchboard {

using Random = std::mt19937_64;

// 0 .. bound - 1.
inline int below(Random& random, int bound) {
    return std::uniform_int_distribution<int>(0, bound - 1)(random);
}

// Tenants with an odd number change their limits during the run, within this; the others have it.
inline constexpr int chaos_slots_max = 3;
inline constexpr int chaos_agents = 3;
inline constexpr int chaos_total_max = 2;  // of the agents whose total is set, over all channels
inline constexpr const char* chaos_poison = "not UTF-8: \xff";

// What a batch is meant to come to.
enum class Aim { good, duplicate, poison, over_limit, second_agent };

// What an owner knows of a tenant: enough to make batches as an engine would, and bad ones on
// purpose. A value: what a batch would lead to is a copy that takes over once it is stored.
class ChaosTenant {
public:
    explicit ChaosTenant(TenantId id) : id_(id) {}

    // As stored, after a take() that returned these; false when others took it since. Throws what
    // libpqxx throws, and a logic_error when something is stored that this epoch did not write.
    bool rebuild(pqxx::connection& connection, std::int64_t epoch, Pos log_pos);

    TenantId id() const { return id_; }
    std::int64_t epoch() const { return epoch_; }

    // The next batch, which moves this on as if it were stored. `aim` is made good when the
    // tenant has no occasion for it. Client ids are numbered by `message`, unique in the run.
    Batch next(Random& random, Aim& aim, std::int64_t& message);

private:
    struct Talk {
        Conversation conversation;
        Seq last_seq = 0;
        std::optional<ClientMessageId> last_id;  // of its visitor
        std::optional<ClaimRecord> claim;
    };
    struct Room {
        AgentId agent;
        int active = 0;
        int slots_max = 0;
        int total_max = 0;  // 0: none

        // How many more conversations he may have.
        int left() const {
            return (total_max == 0 ? slots_max : std::min(slots_max, total_max)) - active;
        }
    };

    void read_talks(pqxx::transaction_base& transaction);
    void read_claims(pqxx::transaction_base& transaction);

    bool spoil(Aim aim, Random& random, std::int64_t& message);
    void good_step(Random& random, std::int64_t& message);
    void start(std::int64_t& message);
    void say(Talk& talk, const ClientMessageId& id, const std::string& body);
    void assign(Talk& talk, Room& room);
    void release(Talk& talk);
    void close(std::size_t talk);
    void set_limits(Room& room, int slots_max);
    void set_total(Room& room, int total_max);
    void change_presence(const Room& room);
    void point(const Talk& talk);
    bool sets_limits() const;
    Room* any_room(Random& random, bool full);

    TenantId id_;
    std::int64_t epoch_ = 0;
    Pos pos_ = 0;
    std::vector<Talk> talks_;
    std::vector<Room> rooms_;
    std::vector<Record> records_;  // of the batch that is being made
};

}  // namespace switchboard
