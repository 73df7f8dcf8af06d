#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>

#include "domain/publication.hpp"
#include "engine/conversations/pools.hpp"

namespace switchboard {

// What the visitors who wait, and those who might come, were told last (R4, S8). Memory only: after
// a rebuild everybody is told anew.
struct WaitingRoom {
    // How fast a class moves: the mean time between two who leave the queue for an agent.
    struct Pace {
        Time since;  // of the last one, or when the queue began
        std::optional<std::chrono::microseconds> mean;
    };

    std::map<WaitingClass, Pace> paces;
    std::set<WaitingClass> moved;                  // whose places changed
    std::map<ConversationId, int> places;          // as last told
    std::map<WaitingClass, Availability> answers;  // as last told
    Time places_told_at;
    Time availability_told_at;
};

struct TenantMemory;
class Turn;

// Something changed that places or availability depend on: sets the alarms to tell of it, at once
// or a second after it was last told.
void stir(TenantMemory& memory, Time now);

// Tell whose place changed, and visitors whether they can be served now when that flipped.
void tell_places(TenantMemory& memory, Turn& turn);
void tell_availability(TenantMemory& memory, Turn& turn);

// One visitor alone was told what holds now, because he came or is served again. Where all others
// were last told something else, everybody is told when it is time, even if by then it is again
// what they know: he does not.
void note_told(TenantMemory& memory, const WelcomeView& welcome);
void note_told(TenantMemory& memory, const AvailabilityView& availability);

// What a visitor would find on this channel of the site: yes, somebody is free; queue, he would
// wait; no (S8). A blocked visitor is always told no.
Availability availability_of(const TenantMemory& memory, WaitingClass wanted);

// The channels that are answered for.
inline constexpr std::array availability_channels{Channel::chat, Channel::messaging};

// Nothing: it does not wait.
std::optional<QueuePlaceView> place_of(const TenantMemory& memory, const Conversation& waiting);

}  // namespace switchboard
