#pragma once

#include <cstdint>

namespace switchboard {

// Places on the way of a message where a test ends the process: what happens to a crash between any
// two of them is what P1 and P12 speak of.
enum class StopPoint : std::uint8_t {
    gathered,      // a batch is ready; the log has not been given it
    sent,          // the commit is on its way to PostgreSQL, unanswered
    answered,      // PostgreSQL's answer is read; nobody has been shown anything
    published,     // shown to the connections of one thread; no answer has been given there
    acknowledged,  // frames, acknowledgements among them, were written to a socket
};

#ifdef SWITCHBOARD_STOP_POINTS
// Called by whoever passes, on any thread. Set before there are threads; null: nobody stops.
inline void (*stop_point_hook)(StopPoint) = nullptr;
inline void stop_point(StopPoint point) {
    if (stop_point_hook != nullptr) stop_point_hook(point);
}
#else
inline void stop_point(StopPoint) {}
#endif

}  // namespace switchboard
