#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <optional>

#include "cluster/command_gate.hpp"
#include "engine/tenant_engine.hpp"
#include "support/memory_database.hpp"

namespace switchboard {

// One tenant behind a gate, without a loop: each command is applied, committed to memory, shown and
// answered before submit() returns. A test may hold commands back, or answer some itself. Any
// thread.
class EngineGate final : public CommandGate {
public:
    using Script = std::function<std::optional<Reply>(const Command&)>;

    // `configuration` is the tenant's; all must outlive the gate.
    EngineGate(MemoryDatabase& database,
               const TenantState& configuration,
               Audience& audience,
               std::function<Time()> now);

    void submit(Command command, std::shared_ptr<ReplyReceiver> to, std::uint32_t id) override;

    // The reply instead of the engine's, where it gives one.
    void set_script(Script script);

    // Keeps what comes from now on, until let_go().
    void hold();
    void let_go();
    // Drops what is kept, on this thread.
    void forget();

    std::size_t held() const;
    int disconnects() const;

private:
    struct Submitted {
        Command command;
        std::shared_ptr<ReplyReceiver> to;
        std::uint32_t id = 0;
    };

    void carry_out(Submitted submitted);
    Effects apply(const Command& command);
    void commit(const Effects& effects);

    mutable std::mutex mutex_;
    MemoryDatabase& database_;
    TenantId tenant_;
    Audience& audience_;
    std::function<Time()> now_;
    Incarnation me_{{1}};
    Taken taken_;
    std::optional<TenantEngine> engine_;
    Script script_;
    bool is_held_ = false;
    std::deque<Submitted> held_;
    int disconnects_ = 0;
};

}  // namespace switchboard
