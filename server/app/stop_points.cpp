#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "domain/stop_point.hpp"

// Part of switchboard_stoppable alone. SWITCHBOARD_STOP_AT="answered:37" stops the process the 37th
// time that it passes that point, as SIGSTOP does, and says so in a line on standard error.
namespace switchboard {
namespace {

constexpr std::array<std::string_view, 5> names{
    "gathered", "sent", "answered", "published", "acknowledged"};

struct Stop {
    std::size_t point = names.size();  // none
    std::atomic<long> passes_left{0};
};
Stop stop;

void pass(StopPoint point) {
    if (static_cast<std::size_t>(point) != stop.point || stop.passes_left.fetch_sub(1) != 1) return;
    std::cerr << "stopped at " << names[stop.point] << std::endl;
    raise(SIGSTOP);
}

const bool is_set = [] {
    const char* value = std::getenv("SWITCHBOARD_STOP_AT");
    if (value == nullptr) return false;
    const std::string text = value;
    const auto colon = text.find(':');
    const auto name = std::string_view(text).substr(0, colon);
    while (stop.point > 0 && names[stop.point - 1] != name)
        --stop.point;
    if (stop.point == 0 || colon == std::string::npos) {
        std::cerr << "SWITCHBOARD_STOP_AT: " << text << " is not a point and a number\n";
        std::_Exit(101);
    }
    --stop.point;
    stop.passes_left = std::atol(text.c_str() + colon + 1);
    stop_point_hook = pass;
    return true;
}();

}  // namespace
}  // namespace switchboard
