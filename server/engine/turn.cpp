#include "engine/turn.hpp"

#include <algorithm>

namespace switchboard {

void Turn::publish(Publication publication) {
    publication.pos = log_pos_;
    effects_.publications.push_back(std::move(publication));
}

void Turn::touch(ConversationId conversation, Shown shown) {
    for (auto& touched : conversations_) {
        if (touched.id != conversation) continue;
        touched.shown = std::max(touched.shown, shown);
        return;
    }
    conversations_.push_back({conversation, shown, {}});
}

void Turn::touch_former(ConversationId conversation, AgentId agent) {
    touch(conversation, Shown::state);
    const auto touched = std::find_if(conversations_.begin(),
                                      conversations_.end(),
                                      [&](const auto& each) { return each.id == conversation; });
    touched->former = agent;
}

void Turn::touch(const Wanted& wanted) {
    std::erase_if(wanted_, [&](const Wanted& earlier) {
        return earlier.agent == wanted.agent && earlier.channel == wanted.channel;
    });
    wanted_.push_back(wanted);
    touch(wanted.agent);
}

const Turn::Wanted* Turn::find_wanted(AgentId agent, Channel channel) const {
    const auto found = std::find_if(wanted_.begin(), wanted_.end(), [&](const Wanted& wanted) {
        return wanted.agent == agent && wanted.channel == channel;
    });
    return found == wanted_.end() ? nullptr : &*found;
}

void Turn::touch(AgentId agent) {
    if (std::find(agents_.begin(), agents_.end(), agent) == agents_.end()) agents_.push_back(agent);
}

}  // namespace switchboard
