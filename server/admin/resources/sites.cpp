#include <algorithm>

#include "admin/resources/group_names.hpp"
#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object to_json(const SiteRule& rule) {
    return {{"channel", name_of(channel_names, rule.channel)},
            {"when_nobody_free", name_of(when_nobody_free_names, rule.when_nobody_free)},
            {"waiting_max", rule.waiting_max},
            {"wait_max_seconds", rule.wait_max.count()},
            {"when_waited_long", name_of(when_waited_long_names, rule.when_waited_long)}};
}

json::object to_json(const Site& site, const GroupNames& groups) {
    json::array rules;
    for (const SiteRule& rule : site.rules)
        rules.push_back(to_json(rule));
    return {{"key", site.key},
            {"name", site.name},
            {"origins", json::value_from(site.origins)},
            {"groups", groups.to_json(site.groups)},
            {"rules", std::move(rules)}};
}

asio::awaitable<ApiAnswer> show_site(const RestParts& parts, TenantId tenant, std::string key) {
    const auto found = co_await parts.catalogue.find_site(tenant, std::move(key));
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    const auto groups = co_await GroupNames::load(parts.catalogue, tenant);
    if (!groups) co_return refused(groups.error());
    co_return good(to_json(**found, *groups), version_of(**found));
}

// The rules of a request, ascending by channel; nothing when a channel has two.
std::optional<std::vector<SiteRule>> rules_in(const json::object& body,
                                              const std::vector<SiteRule>& present) {
    const auto* value = body.if_contains("rules");
    if (value == nullptr) return present;
    std::vector<SiteRule> rules;
    for (const auto& each : value->as_array()) {
        const json::object& asked = each.as_object();
        SiteRule rule;
        rule.channel = value_in(asked, "channel", channel_names, rule.channel);
        rule.when_nobody_free =
            value_in(asked, "when_nobody_free", when_nobody_free_names, rule.when_nobody_free);
        rule.waiting_max = number_in(asked, "waiting_max", rule.waiting_max);
        rule.wait_max = seconds_in(asked, "wait_max_seconds", rule.wait_max);
        rule.when_waited_long =
            value_in(asked, "when_waited_long", when_waited_long_names, rule.when_waited_long);
        rules.push_back(rule);
    }
    std::ranges::sort(rules, {}, &SiteRule::channel);
    const auto same = std::ranges::adjacent_find(rules, {}, &SiteRule::channel);
    if (same != rules.end()) return std::nullopt;
    return rules;
}

// Carries out what makes `site` what the body says; nothing when that is done.
asio::awaitable<std::optional<ApiAnswer>> configure(const RestParts& parts,
                                                    const Call& call,
                                                    Site site,
                                                    std::optional<Version> seen = {}) {
    const auto names = co_await GroupNames::load(parts.catalogue, call.tenant());
    if (!names) co_return refused(names.error());
    auto groups = names->read(call.body, "groups", site.groups);
    if (!groups) co_return refused(Refusal::not_found);
    auto rules = rules_in(call.body, site.rules);
    if (!rules) {
        const Flaw flaw{"/body/rules", "two for one channel"};
        co_return malformed({flaw});
    }
    site.groups = std::move(*groups);
    site.rules = std::move(*rules);
    site.name = text_in(call.body, "name", site.name);
    site.origins = texts_in(call.body, "origins", site.origins);
    Command command;
    command.principal = call.principal;
    command.what = ConfigureSite{std::move(site), seen};
    const Reply reply = co_await ask(parts, std::move(command));
    co_return objection(reply);
}

// What a site is known by outside: the digits of a public id.
std::string key_of(const PublicId& id) {
    std::string digits = to_text(id);
    std::erase(digits, '-');
    return digits;
}

asio::awaitable<ApiAnswer> try_change_site(const RestParts& parts, const Call& call) {
    const std::string key = call.text("site");
    const auto found = co_await parts.catalogue.find_site(call.tenant(), key);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    const Version seen = version_of(**found);
    if (auto answer = call.objection_to(seen)) co_return std::move(*answer);
    auto answer = co_await configure(parts, call, **found, seen);
    if (answer) co_return std::move(*answer);
    co_return co_await show_site(parts, call.tenant(), key);
}

}  // namespace

asio::awaitable<ApiAnswer> list_sites(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    const Slice slice{page->from, page->limit + 1};
    const auto sites = co_await parts.catalogue.sites(call.tenant(), slice);
    if (!sites) co_return refused(sites.error());
    const auto groups = co_await GroupNames::load(parts.catalogue, call.tenant());
    if (!groups) co_return refused(groups.error());
    const auto look = [&](const Site& site) { return to_json(site, *groups); };
    const auto id_of = [](const Site& site) { return site.id.value; };
    co_return list(*sites, page->limit, look, id_of);
}

asio::awaitable<ApiAnswer> get_site(const RestParts& parts, const Call& call) {
    return show_site(parts, call.tenant(), call.text("site"));
}

asio::awaitable<ApiAnswer> create_site(const RestParts& parts, const Call& call) {
    auto creation = co_await begin_creation(parts, call, Configured::site);
    if (creation.objection) co_return std::move(*creation.objection);
    const std::string key = key_of(creation.id);
    const auto found = co_await parts.catalogue.find_site(call.tenant(), key);
    if (!found) co_return refused(found.error());
    const bool is_repeated = found->has_value();
    if (!is_repeated) {
        Site site;
        site.id.value = creation.number;
        site.key = key;
        auto answer = co_await configure(parts, call, std::move(site));
        if (answer) co_return std::move(*answer);
    }
    ApiAnswer shown = co_await show_site(parts, call.tenant(), key);
    if (shown.status != 200) co_return shown;
    co_return created(std::move(shown), "/v1/sites/" + key, is_repeated);
}

asio::awaitable<ApiAnswer> change_site(const RestParts& parts, const Call& call) {
    return change(parts, call, try_change_site);
}

}  // namespace switchboard
