#pragma once

#include <map>
#include <vector>

#include "domain/command.hpp"

namespace switchboard {

// Who is connected now, by public id. Lives in memory only: it comes from the sessions.
class Roster {
public:
    static constexpr std::size_t connections_max = 5;  // of one person (S5)

    enum class Joined : std::uint8_t {
        first,     // the person was not connected before
        another,   // one more connection, or a session's newer generation
        stale,     // a newer generation of this session is known (A16)
        too_many,  // already connections_max
    };

    Joined join(const PublicId& person, const Connection& connection);

    // True when it was the person's last connection. A stale or unknown one changes nothing.
    bool leave(const PublicId& person, const Connection& connection);

    // All his connections at once.
    void forget(const PublicId& person) { people_.erase(person); }

    // Nobody sits before this connection, or somebody again. False: stale or unknown.
    bool set_away(const PublicId& person, const Connection& connection, bool away);

    bool is_connected(const PublicId& person) const { return people_.contains(person); }

    // True when he is connected, and away on every connection.
    bool is_away(const PublicId& person) const;

    struct Place {
        Connection connection;
        bool away = false;
    };
    const std::map<PublicId, std::vector<Place>>& people() const { return people_; }

private:
    std::map<PublicId, std::vector<Place>> people_;  // no entry without a connection
};

}  // namespace switchboard
