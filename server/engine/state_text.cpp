#include "engine/state_text.hpp"

#include <sstream>

namespace switchboard {

std::string state_text(const Desk& desk) {
    std::ostringstream text;
    text << "agent " << desk.agent.id.value << " {enabled " << desk.agent.enabled << ", attendance "
         << static_cast<int>(desk.agent.attendance) << ", connected " << desk.connected;
    for (const auto& [channel, seat] : desk.seats) {
        text << ", channel " << static_cast<int>(channel) << ": enabled " << seat.limits.enabled
             << ", used " << seat.used << " of " << seat.limits.slots_max << ", wrapping up "
             << seat.wrapping_up << ", intent " << static_cast<int>(seat.limits.wish.intent);
    }
    text << ", holds";
    for (const ConversationId id : desk.conversations)
        text << ' ' << id.value;
    text << ", wrap-ups";
    for (const auto& [claim, wrap_up] : desk.wrap_ups)
        text << ' ' << wrap_up.conversation.value;
    text << '}';
    return text.str();
}

std::string state_text(const OpenTalk& talk) {
    const Conversation& conversation = talk.open.conversation;
    std::ostringstream text;
    text << "conversation " << conversation.id.value << " {state "
         << static_cast<int>(conversation.state) << ", site " << conversation.site.value
         << ", channel " << static_cast<int>(conversation.channel) << ", ticket "
         << conversation.ticket << ", agent " << conversation.agent.value << ", claim "
         << talk.claim.value << ", joined " << conversation.joined_at.has_value()
         << ", visitor left " << conversation.left_at.has_value() << '}';
    return text.str();
}

}  // namespace switchboard
