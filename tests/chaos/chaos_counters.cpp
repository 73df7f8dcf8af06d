#include "chaos/chaos_counters.hpp"

#include <fcntl.h>
#include <stdexcept>
#include <sys/mman.h>
#include <unistd.h>

namespace switchboard {

SharedCounters::SharedCounters(const std::string& path) {
    const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    const bool sized = file >= 0 && ftruncate(file, sizeof *mapped_) == 0;
    void* mapped = MAP_FAILED;
    if (sized) mapped = mmap(nullptr, sizeof *mapped_, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
    if (mapped == MAP_FAILED) throw std::runtime_error("cannot map " + path);
    mapped_ = static_cast<std::array<ChaosCounters, owner_runs_max>*>(mapped);
}

SharedCounters::~SharedCounters() { munmap(mapped_, sizeof *mapped_); }

std::uint64_t SharedCounters::sum(std::atomic<std::uint64_t> ChaosCounters::*counter) const {
    std::uint64_t sum = 0;
    for (const auto& run : *mapped_)
        sum += run.*counter;
    return sum;
}

}  // namespace switchboard
