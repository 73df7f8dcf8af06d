#include "admin/resources/resources.hpp"
#include "admin/rest/document.hpp"
#include "admin/rest/look.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

asio::awaitable<ApiAnswer> try_change_settings(const RestParts& parts, const Call& call) {
    auto settings = co_await parts.catalogue.settings(call.tenant());
    if (!settings) co_return refused(settings.error());
    const Version seen = version_of(*settings);
    if (auto answer = call.objection_to(seen)) co_return std::move(*answer);
    const auto read = [&](std::string_view field, std::chrono::seconds& value) {
        value = seconds_in(call.body, field, value);
    };
    read("agent_grace_seconds", settings->agent_grace);
    read("visitor_grace_seconds", settings->visitor_grace);
    read("confirm_within_seconds", settings->confirm_within);
    read("inactive_after_seconds", settings->inactive_after);
    read("close_after_seconds", settings->close_after);
    settings->when_agent_gone =
        value_in(call.body, "when_agent_gone", when_agent_gone_names, settings->when_agent_gone);
    settings->draft_preview = flag_in(call.body, "draft_preview", settings->draft_preview);
    Command command;
    command.principal = call.principal;
    command.what = ConfigureTenant{*settings, seen};
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    co_return good(to_json(*settings), version_of(*settings));
}

}  // namespace

asio::awaitable<ApiAnswer> get_document(const RestParts&, const Call&) {
    co_return good(boost::json::parse(document_text()));
}

asio::awaitable<ApiAnswer> get_settings(const RestParts& parts, const Call& call) {
    const auto settings = co_await parts.catalogue.settings(call.tenant());
    if (!settings) co_return refused(settings.error());
    co_return good(to_json(*settings), version_of(*settings));
}

asio::awaitable<ApiAnswer> change_settings(const RestParts& parts, const Call& call) {
    return change(parts, call, try_change_settings);
}

}  // namespace switchboard
