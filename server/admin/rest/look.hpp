#pragma once

#include <boost/json.hpp>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "domain/configuration.hpp"
#include "domain/publication.hpp"

namespace switchboard {

// How the words of the domain look in JSON, and back. Names are those of openapi.json.
template <class Enum, std::size_t count>
using Names = std::array<std::pair<Enum, std::string_view>, count>;

extern const Names<Channel, 4> channel_names;
extern const Names<Role, 6> role_names;
extern const Names<Intent, 2> intent_names;
extern const Names<ConversationState, 4> state_names;
extern const Names<WhenNobodyFree, 3> when_nobody_free_names;
extern const Names<WhenWaitedLong, 2> when_waited_long_names;
extern const Names<WhenAgentGone, 2> when_agent_gone_names;
extern const Names<Availability, 3> availability_names;

// The name of a value; of one that has none, the first.
template <class Enum, std::size_t count>
std::string_view name_of(const Names<Enum, count>& names, Enum value) {
    for (const auto& [each, name] : names)
        if (each == value) return name;
    return names.front().second;
}

// The value of a name that the document allows.
template <class Enum, std::size_t count>
Enum value_of(const Names<Enum, count>& names, std::string_view wanted) {
    for (const auto& [each, name] : names)
        if (name == wanted) return each;
    return names.front().first;
}

// A field of an object: `present` where the request has none.
template <class Enum, std::size_t count>
Enum value_in(const boost::json::object& object,
              std::string_view field,
              const Names<Enum, count>& names,
              Enum present) {
    const auto* value = object.if_contains(field);
    return value == nullptr ? present : value_of(names, value->as_string());
}
std::string text_in(const boost::json::object& object,
                    std::string_view field,
                    const std::string& present = {});
int number_in(const boost::json::object& object, std::string_view field, int present);
std::chrono::seconds seconds_in(const boost::json::object& object,
                                std::string_view field,
                                std::chrono::seconds present);
bool flag_in(const boost::json::object& object, std::string_view field, bool present);
std::vector<std::string> texts_in(const boost::json::object& object,
                                  std::string_view field,
                                  const std::vector<std::string>& present);
PublicId id_in(const boost::json::object& object, std::string_view field);  // "none" without it

// "2026-03-01T09:00:00Z", with a fraction where there is one.
std::string to_rfc3339(Time time);
std::optional<Time> parse_rfc3339(std::string_view text);

boost::json::value time_or_null(const std::optional<Time>& time);  // null: none
boost::json::object to_json(const PersonView& person);
boost::json::object to_json(const PresenceView& presence);
boost::json::object to_json(const SummaryView& summary);  // of one who waits
boost::json::object to_json(const EntryView& view);
boost::json::object to_json(const TenantSettings& settings);
std::string_view name_of(CloseReason reason);

}  // namespace switchboard
