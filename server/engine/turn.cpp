#include "engine/turn.hpp"

#include <algorithm>

namespace switchboard {

Publication& Turn::publish() {
    if (effects_.publications.empty()) effects_.publications.reserve(effects_at_first);
    Publication& publication = effects_.publications.emplace_back();
    publication.pos = log_pos_;
    return publication;
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

void Turn::store_wish(PresenceRecord record) {
    touch(record.agent);
    wishes_.push_back(effects_.records.size());
    store(std::move(record));
}

bool Turn::colour_wishes(AgentId agent, Channel channel, const Colour& colour) {
    bool found = false;
    for (const std::size_t index : wishes_) {
        auto& record = std::get<PresenceRecord>(effects_.records[index]);
        if (record.agent != agent || record.channel != channel) continue;
        record.colour = colour;
        found = true;
    }
    return found;
}

void Turn::touch(AgentId agent) {
    if (std::find(agents_.begin(), agents_.end(), agent) == agents_.end()) agents_.push_back(agent);
}

}  // namespace switchboard
