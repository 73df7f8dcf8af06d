#include "bench/usage.hpp"

#include <pqxx/pqxx>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <unistd.h>

namespace switchboard {
namespace {

struct Stat {
    pid_t parent = 0;
    std::int64_t own_ticks = 0;
    std::int64_t reaped_ticks = 0;  // of children that ended
};

// False when the process is gone.
bool read_stat(pid_t process, Stat& stat) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return false;
    std::istringstream fields(line.substr(line.rfind(')') + 2));  // the name may hold anything
    std::string skipped;
    fields >> skipped >> stat.parent;
    for (int field = 5; field <= 13; ++field)
        fields >> skipped;
    std::int64_t user = 0, system = 0, reaped_user = 0, reaped_system = 0;
    fields >> user >> system >> reaped_user >> reaped_system;
    stat.own_ticks = user + system;
    stat.reaped_ticks = reaped_user + reaped_system;
    return true;
}

double seconds(std::int64_t ticks) {
    return static_cast<double>(ticks) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

double cpu_seconds(pid_t process) {
    Stat stat;
    if (!read_stat(process, stat)) throw std::runtime_error("the process is gone");
    return seconds(stat.own_ticks);
}

double cpu_seconds_with_children(pid_t process) {
    Stat stat;
    if (!read_stat(process, stat)) throw std::runtime_error("the process is gone");
    std::int64_t ticks = stat.own_ticks + stat.reaped_ticks;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string name = entry.path().filename();
        if (name.find_first_not_of("0123456789") != std::string::npos) continue;
        Stat child;
        if (read_stat(std::stoi(name), child) && child.parent == process) ticks += child.own_ticks;
    }
    return seconds(ticks);
}

std::int64_t memory_bytes(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("RssAnon:")) return std::stoll(line.substr(8)) * 1024;
    }
    throw std::runtime_error("the process is gone");
}

WalCounts wal_counts(const std::string& connection) {
    pqxx::connection opened(connection);
    pqxx::nontransaction work(opened);
    const auto row = work.exec1("SELECT wal_sync, wal_sync_time, wal_bytes FROM pg_stat_wal");
    return {row[0].as<std::int64_t>(), row[1].as<double>(), row[2].as<std::int64_t>()};
}

}  // namespace switchboard
