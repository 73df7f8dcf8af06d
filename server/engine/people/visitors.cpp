#include "engine/people/visitors.hpp"

namespace switchboard {

Visitors::Held& Visitors::held_as(const PublicId& public_id) {
    auto& held = held_[public_id];
    if (held == nullptr) held = std::make_unique<Held>();
    return *held;
}

Visitors::Held* Visitors::look_up(const PublicId& public_id) const {
    const auto found = held_.find(public_id);
    return found == held_.end() ? nullptr : found->second.get();
}

void Visitors::hold(const StoredVisitor& visitor) {
    Held& held = held_as(visitor.public_id);
    if (held.holds == 0) held.visitor = visitor;
    ++held.holds;
}

void Visitors::forget(const PublicId& public_id) {
    Held* held = look_up(public_id);
    if (held != nullptr && --held->holds == 0) forgotten_.push_back(public_id);
}

void Visitors::begin_talk(const StoredVisitor& visitor, Channel channel, ConversationId talk) {
    hold(visitor);
    look_up(visitor.public_id)->talk_on(channel) = talk;
}

void Visitors::end_talk(const PublicId& public_id, Channel channel) {
    if (Held* held = look_up(public_id)) held->talk_on(channel) = {};
    forget(public_id);
}

ConversationId Visitors::talk_of(const PublicId& public_id, Channel channel) const {
    Held* held = look_up(public_id);
    return held == nullptr ? ConversationId{} : held->talk_on(channel);
}

void Visitors::trim() {
    for (const PublicId& public_id : forgotten_) {
        const auto found = held_.find(public_id);
        if (found != held_.end() && found->second->holds == 0) held_.erase(found);
    }
    forgotten_.clear();
}

void Visitors::store(const PublicId& public_id, VisitorId id) {
    if (Held* held = look_up(public_id)) held->visitor.id = id;
}

const StoredVisitor* Visitors::find(const PublicId& public_id) const {
    const Held* held = look_up(public_id);
    return held == nullptr || !held->sure ? nullptr : &held->visitor;
}

void Visitors::hold_unsure(const PublicId& public_id, const std::string& name) {
    Held& held = held_as(public_id);
    if (held.holds == 0) {
        held.visitor = {{}, public_id, name};
        held.sure = false;
    }
    ++held.holds;
}

void Visitors::settle(const StoredVisitor& visitor) {
    Held* held = look_up(visitor.public_id);
    if (held == nullptr || held->sure) return;
    held->visitor = visitor;
    held->sure = true;
}

void Visitors::rename(const StoredVisitor& visitor) {
    if (Held* held = look_up(visitor.public_id)) held->visitor.name = visitor.name;
}

std::string Visitors::name_of(const PublicId& public_id) const {
    const Held* held = look_up(public_id);
    return held == nullptr ? std::string() : held->visitor.name;
}

}  // namespace switchboard
