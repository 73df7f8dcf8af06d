#pragma once

#include <filesystem>
#include <optional>

#include "domain/ids.hpp"

namespace switchboard {

// The folder a node keeps from one start to the next. Its lock is held while this object lives, so
// whoever has it knows that the process before is dead: its incarnation need not be waited for.
class StateFolder {
public:
    // Locks the folder, reads the incarnation of the process before, and writes `me` in its place.
    // Throws std::runtime_error with one line: another process has it, or it cannot be written.
    StateFolder(const std::filesystem::path& folder, const Incarnation& me);
    ~StateFolder();
    StateFolder(const StateFolder&) = delete;
    StateFolder& operator=(const StateFolder&) = delete;

    const std::optional<Incarnation>& predecessor() const { return predecessor_; }

private:
    int lock_ = -1;
    std::optional<Incarnation> predecessor_;
};

}  // namespace switchboard
