#pragma once

#include "cluster/command_gate.hpp"
#include "tenants/tenants.hpp"

namespace switchboard {

// Sends each command to the loop of its tenant. This node owns every tenant it hears of.
class Forward : public CommandGate {
public:
    // `tenants` must outlive it.
    explicit Forward(Tenants& tenants) : tenants_(tenants) {}

    void submit(Command command, std::shared_ptr<ReplyReceiver> to, std::uint32_t id) override;

private:
    Tenants& tenants_;
};

}  // namespace switchboard
