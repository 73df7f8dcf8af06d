#pragma once

#include <chrono>

#include "domain/time.hpp"

namespace switchboard {

// Time since the machine was started; goes on while it sleeps, and nobody can set it.
std::chrono::nanoseconds boot_time();

// The one clock of the tenants of a process: the wall clock at its start, plus boot time since, so
// that it never jumps. Any thread.
class Clock {
public:
    Clock();
    Time now() const;

private:
    Time wall_at_start_;
    std::chrono::nanoseconds boot_at_start_;
};

}  // namespace switchboard
