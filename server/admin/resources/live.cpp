#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"

namespace switchboard {

namespace asio = boost::asio;
namespace json = boost::json;

asio::awaitable<ApiAnswer> show_live(const RestParts& parts, const Call& call) {
    Command command;
    command.principal = call.principal;
    const bool may_see_queue = !authorize(call.principal, Action::watch_queue, nullptr);
    command.what = ShowLive{.agents = true, .queue = may_see_queue};
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    const auto* live = std::get_if<LiveView>(&reply);
    if (live == nullptr) co_return refused(Refusal::unavailable);
    json::array agents;
    for (const auto& line : live->agents) {
        json::array presence;
        for (const PresenceView& view : line.presence)
            presence.push_back(to_json(view));
        agents.push_back(
            json::object{{"agent", to_json(line.agent)}, {"presence", std::move(presence)}});
    }
    json::array queue;
    for (const SummaryView& summary : live->queue)
        queue.push_back(to_json(summary));
    co_return good(json::object{{"agents", std::move(agents)}, {"queue", std::move(queue)}});
}

asio::awaitable<ApiAnswer> show_availability(const RestParts& parts, const Call& call) {
    Command command;
    command.principal = call.principal;
    command.what = ShowAvailability{call.text("site")};
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    const auto* site = std::get_if<SiteAvailability>(&reply);
    if (site == nullptr) co_return refused(Refusal::unavailable);
    const std::string wanted = text_in(call.query, "channel");
    json::array data;
    for (const AvailabilityView& view : site->channels) {
        const std::string_view channel = name_of(channel_names, view.channel);
        if (!wanted.empty() && wanted != channel) continue;
        data.push_back(
            json::object{{"channel", channel},
                         {"availability", name_of(availability_names, view.availability)}});
    }
    co_return good(json::object{{"data", std::move(data)}});
}

}  // namespace switchboard
