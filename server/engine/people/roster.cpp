#include "engine/people/roster.hpp"

#include <algorithm>

namespace switchboard {

Roster::Joined Roster::join(const PublicId& person, const Connection& connection) {
    const auto found = people_.find(person);
    if (found == people_.end()) {
        people_[person].push_back({connection, false});
        return Joined::first;
    }
    auto& places = found->second;
    for (auto& [known, away] : places) {
        if (known.session != connection.session) continue;
        if (connection.generation < known.generation) return Joined::stale;
        known.generation = connection.generation;
        away = false;
        return Joined::another;
    }
    if (places.size() >= connections_max) return Joined::too_many;
    places.push_back({connection, false});
    return Joined::another;
}

bool Roster::leave(const PublicId& person, const Connection& connection) {
    const auto found = people_.find(person);
    if (found == people_.end()) return false;
    auto& places = found->second;
    const auto is_it = [&](const Place& place) { return place.connection == connection; };
    if (std::erase_if(places, is_it) == 0 || !places.empty()) return false;
    people_.erase(found);
    return true;
}

bool Roster::set_away(const PublicId& person, const Connection& connection, bool away) {
    const auto found = people_.find(person);
    if (found == people_.end()) return false;
    for (Place& place : found->second) {
        if (place.connection != connection) continue;
        place.away = away;
        return true;
    }
    return false;
}

bool Roster::is_away(const PublicId& person) const {
    const auto found = people_.find(person);
    return found != people_.end() && std::all_of(found->second.begin(),
                                                 found->second.end(),
                                                 [](const Place& place) { return place.away; });
}

}  // namespace switchboard
