#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "simulation/ledger.hpp"
#include "support/memory_database.hpp"
#include "tenants/tenant_loop.hpp"

namespace switchboard {

// Sees what goes in and what comes out of the loops of one tenant, and the stored truth beside it;
// keeps the first promise that was broken.
class Witness {
public:
    Witness(const MemoryDatabase& database, const TenantState& configuration)
        : database_(database), ledger_(configuration) {}

    // A command went to loop number `loop`; the id to submit it under.
    std::uint32_t submitted(const Command& command, int loop);

    // What a loop shows and answers. After a gap what is shown need not follow what was.
    void saw(const CarriedOut& output, int loop);

    // The records that the store took.
    void stored(const std::vector<Record>& records) { note(ledger_.read(records)); }

    // An owner loaded the tenant.
    void rebuilt() { ledger_.rebuilt(); }

    // At the end of the day, when nothing is under way.
    void audit();

    void note(std::optional<std::string> broken) {
        if (!broken_) broken_ = std::move(broken);
    }
    const std::optional<std::string>& broken() const { return broken_; }

private:
    struct Submitted {
        Command command;
        int loop = 0;
        int answers = 0;
        std::optional<MessageStored> stored;
    };
    void answered(Submitted& submitted, const Reply& reply);
    void acknowledged(Submitted& submitted, const MessageStored& stored);
    void showed(const EntryView& view, int loop);
    void showed(const TypingView& view, const Publication& publication);
    std::optional<Entry> entry_at(const PublicId& conversation, Seq seq) const;

    using SenderId = std::pair<PublicId, ClientMessageId>;

    const MemoryDatabase& database_;
    Ledger ledger_;
    std::vector<Submitted> submitted_;
    std::map<SenderId, MessageStored> acknowledged_;
    std::map<SenderId, int> times_said_;
    std::map<int, std::map<PublicId, Seq>> shown_;  // by loop, the last seq of a conversation
    std::optional<std::string> broken_;
};

std::string describe(const Command& command);

}  // namespace switchboard
