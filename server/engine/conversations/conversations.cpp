#include "engine/conversations/conversations.hpp"

namespace switchboard {

OpenTalk& Conversations::add(OpenTalk talk) {
    const ConversationId id = talk.open.conversation.id;
    OpenTalk& added = talks_.emplace_hint(talks_.end(), id, std::move(talk))->second;  // ids ascend
    const Conversation& conversation = added.open.conversation;
    by_id_[id] = &added;
    by_public_id_[conversation.public_id] = &added;
    by_visitor_[{conversation.visitor, conversation.channel}] = &added;
    return added;
}

void Conversations::remove(ConversationId id) {
    const auto found = talks_.find(id);
    if (found == talks_.end()) return;
    const Conversation& conversation = found->second.open.conversation;
    by_id_.erase(id);
    by_public_id_.erase(conversation.public_id);
    by_visitor_.erase({conversation.visitor, conversation.channel});
    talks_.erase(found);
}

OpenTalk* Conversations::find(ConversationId id) {
    const auto found = by_id_.find(id);
    return found == by_id_.end() ? nullptr : found->second;
}

const OpenTalk* Conversations::find(ConversationId id) const {
    return const_cast<Conversations*>(this)->find(id);
}

OpenTalk* Conversations::find(const PublicId& public_id) {
    const auto found = by_public_id_.find(public_id);
    return found == by_public_id_.end() ? nullptr : found->second;
}

const OpenTalk* Conversations::find(const PublicId& public_id) const {
    return const_cast<Conversations*>(this)->find(public_id);
}

const OpenTalk* Conversations::find(VisitorId visitor, Channel channel) const {
    const auto found = by_visitor_.find({visitor, channel});
    return found == by_visitor_.end() ? nullptr : found->second;
}

}  // namespace switchboard
