#include "tenants/clock.hpp"

#include <time.h>

namespace switchboard {

std::chrono::nanoseconds boot_time() {
    timespec now{};
    clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

Clock::Clock()
    : wall_at_start_(
          std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())),
      boot_at_start_(boot_time()) {}

Time Clock::now() const {
    const auto since = boot_time() - boot_at_start_;
    return wall_at_start_ + std::chrono::floor<std::chrono::microseconds>(since);
}

}  // namespace switchboard
