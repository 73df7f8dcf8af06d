#include "engine/turn.hpp"

#include <algorithm>

namespace switchboard {

void Turn::publish(Publication publication) {
    publication.pos = log_pos_;
    effects_.publications.push_back(std::move(publication));
}

void Turn::touch(ConversationId conversation, bool visitor_too) {
    for (auto& touched : conversations_) {
        if (touched.id != conversation) continue;
        touched.visitor_too = touched.visitor_too || visitor_too;
        return;
    }
    conversations_.push_back({conversation, visitor_too});
}

void Turn::touch(AgentId agent) {
    if (std::find(agents_.begin(), agents_.end(), agent) == agents_.end()) agents_.push_back(agent);
}

}  // namespace switchboard
