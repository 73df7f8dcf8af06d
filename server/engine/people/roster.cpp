#include "engine/people/roster.hpp"

#include <algorithm>

namespace switchboard {

Roster::Joined Roster::join(const PublicId& person, const Connection& connection) {
    const auto found = people_.find(person);
    if (found == people_.end()) {
        people_[person].push_back(connection);
        return Joined::first;
    }
    auto& connections = found->second;
    for (auto& known : connections) {
        if (known.session != connection.session) continue;
        if (connection.generation < known.generation) return Joined::stale;
        known.generation = connection.generation;
        return Joined::another;
    }
    if (connections.size() >= connections_max) return Joined::too_many;
    connections.push_back(connection);
    return Joined::another;
}

bool Roster::leave(const PublicId& person, const Connection& connection) {
    const auto found = people_.find(person);
    if (found == people_.end()) return false;
    auto& connections = found->second;
    if (std::erase(connections, connection) == 0 || !connections.empty()) return false;
    people_.erase(found);
    return true;
}

}  // namespace switchboard
