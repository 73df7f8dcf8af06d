#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/storage.hpp"
#include "support/await_result.hpp"

namespace switchboard {

// The owner of one tenant, as a suite plays it: knows the epoch and the next pos.
class TenantWriter {
public:
    // Takes the tenant for the process `me`, which must be enlisted.
    TenantWriter(TenantLog& log, OwnerTable& owners, TenantId tenant)
        : tenant_(tenant), log_(log), owners_(owners) {
        take();
    }

    void take();

    // The records get the next positions, in their order, as pos and, where it is 0, as id.
    Batch batch(std::vector<Record> records) const;

    Commit commit(const Batch& made);
    Commit commit(std::vector<Record> records) { return commit(batch(std::move(records))); }

    // A stored batch of somebody else's call: from now on the positions after it are the next.
    void went_on(const Batch& made) { pos_ = made.fence.pos + made.positions; }

    // Stores a visitor, his conversation, and a first message: three records.
    ConversationId start(std::uint8_t number);

    // Stores an active claim.
    ClaimRecord assign(AgentId agent, ConversationId conversation);

    TenantId tenant() const { return tenant_; }
    Pos pos() const { return pos_; }
    TenantLog& log() { return log_; }

private:
    TenantId tenant_;
    TenantLog& log_;
    OwnerTable& owners_;
    std::int64_t epoch_ = 0;
    Pos pos_ = 0;
};

// Records without a pos yet, and 128 bits of a number.
PublicId public_id(std::uint8_t number);
ClientMessageId message_id(std::uint8_t number);
Entry message(ConversationId conversation, Seq seq, Person author, std::uint8_t id);
ClaimRecord claim(AgentId agent, ConversationId conversation, Admission admission);
ClaimRecord released(ClaimRecord open);
ClaimRecord wrapped_up(ClaimRecord open, Time until);
LimitRecord limit(AgentId agent, int slots_max, int slots_hard_max);
PointerRecord pointer(ConversationId conversation, Person person, Seq delivered, Seq seen);

}  // namespace switchboard
