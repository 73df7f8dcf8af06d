#include "engine/conversations/conversations.hpp"

#include <boost/container_hash/hash.hpp>

namespace switchboard {

std::size_t Conversations::Hash::operator()(const PublicId& id) const {
    return boost::hash_range(id.bytes.begin(), id.bytes.end());
}

OpenTalk& Conversations::add(OpenTalk talk) {
    const Conversation conversation = talk.open.conversation;
    by_public_id_[conversation.public_id] = conversation.id;
    by_visitor_[{conversation.visitor, conversation.channel}] = conversation.id;
    return talks_[conversation.id] = std::move(talk);
}

void Conversations::remove(ConversationId id) {
    const auto found = talks_.find(id);
    if (found == talks_.end()) return;
    const Conversation& conversation = found->second.open.conversation;
    by_public_id_.erase(conversation.public_id);
    by_visitor_.erase({conversation.visitor, conversation.channel});
    talks_.erase(found);
}

OpenTalk* Conversations::find(ConversationId id) {
    const auto found = talks_.find(id);
    return found == talks_.end() ? nullptr : &found->second;
}

const OpenTalk* Conversations::find(ConversationId id) const {
    return const_cast<Conversations*>(this)->find(id);
}

OpenTalk* Conversations::find(const PublicId& public_id) {
    const auto found = by_public_id_.find(public_id);
    return found == by_public_id_.end() ? nullptr : find(found->second);
}

const OpenTalk* Conversations::find(const PublicId& public_id) const {
    return const_cast<Conversations*>(this)->find(public_id);
}

const OpenTalk* Conversations::find(VisitorId visitor, Channel channel) const {
    const auto found = by_visitor_.find({visitor, channel});
    return found == by_visitor_.end() ? nullptr : find(found->second);
}

}  // namespace switchboard
