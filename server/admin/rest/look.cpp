#include "admin/rest/look.hpp"

#include <cstdio>

#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace json = boost::json;

constexpr Names<PersonKind, 6> kind_names{{{PersonKind::system, "system"},
                                           {PersonKind::site, "site"},
                                           {PersonKind::visitor, "visitor"},
                                           {PersonKind::agent, "agent"},
                                           {PersonKind::bot, "bot"},
                                           {PersonKind::manager, "manager"}}};
constexpr Names<Status, 3> status_names{{{Status::unavailable, "unavailable"},
                                         {Status::available, "available"},
                                         {Status::busy, "busy"}}};
constexpr Names<Reason, 11> reason_names{{{Reason::ready, "ready"},
                                          {Reason::at_capacity, "at_capacity"},
                                          {Reason::total_capacity, "total_capacity"},
                                          {Reason::wrap_up, "wrap_up"},
                                          {Reason::not_enabled, "not_enabled"},
                                          {Reason::not_connected, "not_connected"},
                                          {Reason::away, "away"},
                                          {Reason::chosen, "chosen"},
                                          {Reason::set_by_manager, "set_by_manager"},
                                          {Reason::missed_offer, "missed_offer"},
                                          {Reason::unresponsive, "unresponsive"}}};
constexpr Names<EntryKind, 5> entry_kind_names{{{EntryKind::text, "text"},
                                                {EntryKind::note, "note"},
                                                {EntryKind::system, "system"},
                                                {EntryKind::link, "link"},
                                                {EntryKind::block, "block"}}};
constexpr Names<CloseReason, 7> close_reason_names{{{CloseReason::visitor, "visitor"},
                                                    {CloseReason::agent, "agent"},
                                                    {CloseReason::manager, "manager"},
                                                    {CloseReason::abandoned, "abandoned"},
                                                    {CloseReason::wait_limit, "wait_limit"},
                                                    {CloseReason::idle, "idle"},
                                                    {CloseReason::blocked, "blocked"}}};

int digits(std::string_view text, std::size_t at, std::size_t count) {
    int number = 0;
    for (std::size_t i = at; i < at + count; ++i)
        number = number * 10 + (text[i] - '0');
    return number;
}

bool is_shaped(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00T00:00:00";
    if (text.size() < shape.size() + 1 || text.size() > shape.size() + 8) return false;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == '0' ? !is_digit : text[i] != shape[i]) return false;
    }
    const std::string_view fraction = text.substr(shape.size());
    if (fraction == "Z") return true;
    return fraction.size() > 2 && fraction.front() == '.' && fraction.back() == 'Z' &&
           fraction.substr(1, fraction.size() - 2).find_first_not_of("0123456789") ==
               std::string_view::npos;
}

}  // namespace

const Names<Channel, 4> channel_names{{{Channel::chat, "chat"},
                                       {Channel::call, "call"},
                                       {Channel::video, "video"},
                                       {Channel::messaging, "messaging"}}};
const Names<Role, 6> role_names{{{Role::agent, "agent"},
                                 {Role::bot, "bot"},
                                 {Role::viewer, "viewer"},
                                 {Role::manager, "manager"},
                                 {Role::admin, "admin"},
                                 {Role::account_owner, "account_owner"}}};
const Names<Intent, 2> intent_names{
    {{Intent::available, "available"}, {Intent::unavailable, "unavailable"}}};
const Names<ConversationState, 4> state_names{{{ConversationState::queued, "queued"},
                                               {ConversationState::active, "active"},
                                               {ConversationState::inactive, "inactive"},
                                               {ConversationState::closed, "closed"}}};
const Names<WhenNobodyFree, 3> when_nobody_free_names{
    {{WhenNobodyFree::queue, "queue"},
     {WhenNobodyFree::refuse, "refuse"},
     {WhenNobodyFree::leave_message, "leave_message"}}};
const Names<WhenWaitedLong, 2> when_waited_long_names{
    {{WhenWaitedLong::close, "close"}, {WhenWaitedLong::leave_message, "leave_message"}}};
const Names<WhenAgentGone, 2> when_agent_gone_names{
    {{WhenAgentGone::requeue, "requeue"}, {WhenAgentGone::keep, "keep"}}};
const Names<Availability, 3> availability_names{
    {{Availability::no, "no"}, {Availability::queue, "queue"}, {Availability::yes, "yes"}}};

std::string text_in(const json::object& object,
                    std::string_view field,
                    const std::string& present) {
    const auto* value = object.if_contains(field);
    return value == nullptr ? present : std::string(value->as_string());
}

int number_in(const json::object& object, std::string_view field, int present) {
    const auto* value = object.if_contains(field);
    return value == nullptr ? present : static_cast<int>(value->as_int64());
}

std::chrono::seconds seconds_in(const json::object& object,
                                std::string_view field,
                                std::chrono::seconds present) {
    return std::chrono::seconds(number_in(object, field, static_cast<int>(present.count())));
}

bool flag_in(const json::object& object, std::string_view field, bool present) {
    const auto* value = object.if_contains(field);
    return value == nullptr ? present : value->as_bool();
}

std::vector<std::string> texts_in(const json::object& object,
                                  std::string_view field,
                                  const std::vector<std::string>& present) {
    const auto* value = object.if_contains(field);
    if (value == nullptr) return present;
    std::vector<std::string> texts;
    for (const auto& each : value->as_array())
        texts.emplace_back(each.as_string());
    return texts;
}

PublicId id_in(const json::object& object, std::string_view field) {
    PublicId id;
    if (const auto bytes = parse_uuid(text_in(object, field))) id.bytes = *bytes;
    return id;
}

std::string to_rfc3339(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    std::array<char, 40> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d-%02u-%02uT%02d:%02d:%02d",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    std::string written = text.data();
    if (const auto micros = clock.subseconds().count(); micros != 0) {
        std::snprintf(text.data(), text.size(), ".%06d", static_cast<int>(micros));
        written += text.data();
    }
    return written + 'Z';
}

std::optional<Time> parse_rfc3339(std::string_view text) {
    if (!is_shaped(text)) return std::nullopt;
    const std::chrono::year_month_day date{
        std::chrono::year(digits(text, 0, 4)),
        std::chrono::month(static_cast<unsigned>(digits(text, 5, 2))),
        std::chrono::day(static_cast<unsigned>(digits(text, 8, 2)))};
    const int hour = digits(text, 11, 2), minute = digits(text, 14, 2),
              second = digits(text, 17, 2);
    if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    std::string micros(text.size() > 20 ? text.substr(20, text.size() - 21) : "0");
    micros.resize(6, '0');
    return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
           std::chrono::minutes(minute) + std::chrono::seconds(second) +
           std::chrono::microseconds(digits(micros, 0, 6));
}

json::value time_or_null(const std::optional<Time>& time) {
    if (!time) return nullptr;
    return json::value(to_rfc3339(*time));
}

json::object to_json(const PersonView& person) {
    json::object object{{"kind", name_of(kind_names, person.person.kind)}, {"name", person.name}};
    if (person.public_id) object["id"] = to_text(person.public_id);
    return object;
}

json::object to_json(const PresenceView& presence) {
    return {{"channel", name_of(channel_names, presence.channel)},
            {"enabled", presence.enabled},
            {"intent", name_of(intent_names, presence.wish.intent)},
            {"text", presence.wish.text},
            {"status", name_of(status_names, presence.colour.status)},
            {"reason", name_of(reason_names, presence.colour.reason)},
            {"reconnecting", presence.colour.reconnecting},
            {"slots_used", presence.slots_used},
            {"slots_max", presence.slots_max},
            {"version", std::to_string(presence.version)}};
}

json::object to_json(const SummaryView& summary) {
    return {{"conversation", to_text(summary.conversation)},
            {"channel", name_of(channel_names, summary.channel)},
            {"visitor", to_json(summary.visitor)},
            {"opened_at", to_rfc3339(summary.opened_at)},
            {"preview", summary.timeline.last_visitor_message},
            {"visitor_left", summary.visitor_left},
            {"patient", summary.patient}};
}

json::object to_json(const EntryView& view) {
    const bool is_public = view.entry.visibility == Visibility::all;
    return {{"seq", view.entry.seq},
            {"kind", name_of(entry_kind_names, view.entry.kind)},
            {"visibility", is_public ? "all" : "agents"},
            {"author", to_json(view.author)},
            {"at", to_rfc3339(view.entry.at)},
            {"body", view.entry.body}};
}

json::object to_json(const TenantSettings& settings) {
    return {{"agent_grace_seconds", settings.agent_grace.count()},
            {"visitor_grace_seconds", settings.visitor_grace.count()},
            {"confirm_within_seconds", settings.confirm_within.count()},
            {"inactive_after_seconds", settings.inactive_after.count()},
            {"close_after_seconds", settings.close_after.count()},
            {"when_agent_gone", name_of(when_agent_gone_names, settings.when_agent_gone)},
            {"draft_preview", settings.draft_preview}};
}

std::string_view name_of(CloseReason reason) { return name_of(close_reason_names, reason); }

}  // namespace switchboard
