#include "engine/people/visitors.hpp"

namespace switchboard {

void Visitors::hold(const StoredVisitor& visitor) {
    Held& held = held_[visitor.public_id];
    if (held.holds == 0) held.visitor = visitor;
    ++held.holds;
}

void Visitors::forget(const PublicId& public_id) {
    const auto found = held_.find(public_id);
    if (found != held_.end() && --found->second.holds == 0) forgotten_.push_back(public_id);
}

void Visitors::trim() {
    for (const PublicId& public_id : forgotten_) {
        const auto found = held_.find(public_id);
        if (found != held_.end() && found->second.holds == 0) held_.erase(found);
    }
    forgotten_.clear();
}

void Visitors::store(const PublicId& public_id, VisitorId id) {
    const auto found = held_.find(public_id);
    if (found != held_.end()) found->second.visitor.id = id;
}

const StoredVisitor* Visitors::find(const PublicId& public_id) const {
    const auto found = held_.find(public_id);
    return found == held_.end() || !found->second.sure ? nullptr : &found->second.visitor;
}

void Visitors::hold_unsure(const PublicId& public_id, const std::string& name) {
    Held& held = held_[public_id];
    if (held.holds == 0) {
        held.visitor = {{}, public_id, name};
        held.sure = false;
    }
    ++held.holds;
}

void Visitors::settle(const StoredVisitor& visitor) {
    const auto found = held_.find(visitor.public_id);
    if (found == held_.end() || found->second.sure) return;
    found->second.visitor = visitor;
    found->second.sure = true;
}

std::string Visitors::name_of(const PublicId& public_id) const {
    const auto found = held_.find(public_id);
    return found == held_.end() ? std::string() : found->second.visitor.name;
}

}  // namespace switchboard
