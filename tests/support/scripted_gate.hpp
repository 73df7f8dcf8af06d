#pragma once

#include <deque>
#include <functional>
#include <utility>

#include "cluster/command_gate.hpp"

namespace switchboard {

// Keeps each command, and answers it at once with what a script says; Done without one. Whoever
// submits must be on the receiver's thread.
class ScriptedGate final : public CommandGate {
public:
    using Script = std::function<Reply(const Command&)>;

    void set_script(Script script) { script_ = std::move(script); }

    void submit(Command command, std::shared_ptr<ReplyReceiver> to, std::uint32_t id) override {
        commands.push_back(std::move(command));
        Reply reply = Done{};
        if (script_) reply = script_(commands.back());
        if (to) to->receive(id, std::move(reply));
    }

    // The last command, which is of this kind.
    template <class What>
    const What& last() const {
        return std::get<What>(commands.back().what);
    }

    std::deque<Command> commands;  // what last() gave stays where it is

private:
    Script script_;
};

}  // namespace switchboard
