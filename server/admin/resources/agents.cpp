#include "admin/resources/group_names.hpp"
#include "admin/resources/resources.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

json::object to_json(const AgentChannel& channel) {
    return {{"channel", name_of(channel_names, channel.channel)},
            {"enabled", channel.enabled},
            {"slots_max", channel.slots_max},
            {"slots_hard_max", channel.slots_hard_max},
            {"wrap_up_seconds", channel.wrap_up.count()}};
}

json::object to_json(const Agent& agent, const GroupNames& groups) {
    json::array channels;
    for (const AgentChannel& channel : agent.channels)
        channels.push_back(to_json(channel));
    return {{"id", to_text(agent.public_id)},
            {"login", agent.login},
            {"name", agent.name},
            {"role", name_of(role_names, agent.role)},
            {"enabled", agent.enabled},
            {"groups", groups.to_json(agent.groups)},
            {"total_max", agent.total_max},
            {"channels", std::move(channels)}};
}

std::string location_of(const PublicId& agent) { return "/v1/agents/" + to_text(agent); }

// The agent as stored.
asio::awaitable<ApiAnswer> show_agent(const RestParts& parts, TenantId tenant, PublicId id) {
    const auto found = co_await parts.catalogue.find_agent(tenant, id);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    const auto groups = co_await GroupNames::load(parts.catalogue, tenant);
    if (!groups) co_return refused(groups.error());
    co_return good(to_json(**found, *groups), version_of(**found));
}

// What the request makes of an account; nothing when it names a group that is not there.
std::optional<Account> account_of(const json::object& body,
                                  const Agent& present,
                                  const GroupNames& groups) {
    auto members = groups.read(body, "groups", present.groups);
    if (!members) return std::nullopt;
    Account account;
    account.id = present.id;
    account.public_id = present.public_id;
    account.login = text_in(body, "login", present.login);
    account.name = text_in(body, "name", present.name);
    account.role = value_in(body, "role", role_names, present.role);
    account.enabled = flag_in(body, "enabled", present.enabled);
    account.groups = std::move(*members);
    return account;
}

// Carries out what makes `present` what the body says; nothing when that is done.
asio::awaitable<std::optional<ApiAnswer>> configure(const RestParts& parts,
                                                    const Call& call,
                                                    Agent present,
                                                    std::optional<Version> seen = {}) {
    const auto groups = co_await GroupNames::load(parts.catalogue, call.tenant());
    if (!groups) co_return refused(groups.error());
    auto account = account_of(call.body, present, *groups);
    if (!account) co_return refused(Refusal::not_found);
    if (!may_appoint(call.principal.role, account->role)) co_return refused(Refusal::forbidden);
    if (call.body.contains("password")) {
        std::string password = text_in(call.body, "password");
        auto hash = co_await parts.hasher.hash(std::move(password));
        if (!hash) co_return refused(hash.error());
        account->password_hash = std::move(*hash);
    }
    Command command;
    command.principal = call.principal;
    command.what = ConfigureAgent{std::move(*account), seen};
    const Reply reply = co_await ask(parts, std::move(command));
    co_return objection(reply);
}

// Asks to limit the agent of the path, if he is as the caller saw him, and shows him as he then is.
template <class Limit>
asio::awaitable<ApiAnswer> limit_agent(const RestParts& parts, const Call& call, Limit limit) {
    if (call.if_match) {
        const auto found = co_await parts.catalogue.find_agent(call.tenant(), limit.agent);
        if (!found) co_return refused(found.error());
        if (!*found) co_return refused(Refusal::not_found);
        limit.seen = version_of(**found);
        if (auto answer = call.objection_to(*limit.seen)) co_return std::move(*answer);
    }
    Command command;
    command.what = limit;
    command.principal = call.principal;
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    co_return co_await show_agent(parts, call.tenant(), limit.agent);
}

bool ends_logins(const json::object& body) {
    return body.contains("password") || body.contains("role") || body.contains("enabled");
}

asio::awaitable<ApiAnswer> try_change_agent(const RestParts& parts, const Call& call) {
    const PublicId id = call.id("agent");
    const auto found = co_await parts.catalogue.find_agent(call.tenant(), id);
    if (!found) co_return refused(found.error());
    if (!*found) co_return refused(Refusal::not_found);
    if (!may_appoint(call.principal.role, (*found)->role)) co_return refused(Refusal::forbidden);
    const Version seen = version_of(**found);
    if (auto answer = call.objection_to(seen)) co_return std::move(*answer);
    auto answer = co_await configure(parts, call, **found, seen);
    if (answer) co_return std::move(*answer);
    if (ends_logins(call.body)) {
        const auto ended = co_await parts.logins.end_all(call.tenant(), (*found)->id);
        if (!ended) co_return refused(ended.error());
        if (parts.logged_out) parts.logged_out(call.tenant(), id);
    }
    co_return co_await show_agent(parts, call.tenant(), id);
}

}  // namespace

asio::awaitable<ApiAnswer> list_agents(const RestParts& parts, const Call& call) {
    const auto page = call.page();
    if (!page) co_return malformed_cursor();
    const Slice slice{page->from, page->limit + 1};
    const auto agents = co_await parts.catalogue.agents(call.tenant(), slice);
    if (!agents) co_return refused(agents.error());
    const auto groups = co_await GroupNames::load(parts.catalogue, call.tenant());
    if (!groups) co_return refused(groups.error());
    const auto look = [&](const Agent& agent) { return to_json(agent, *groups); };
    const auto id_of = [](const Agent& agent) { return agent.id.value; };
    co_return list(*agents, page->limit, look, id_of);
}

asio::awaitable<ApiAnswer> get_agent(const RestParts& parts, const Call& call) {
    return show_agent(parts, call.tenant(), call.id("agent"));
}

asio::awaitable<ApiAnswer> create_agent(const RestParts& parts, const Call& call) {
    auto creation = co_await begin_creation(parts, call, Configured::agent);
    if (creation.objection) co_return std::move(*creation.objection);
    bool is_repeated = false;
    if (creation.was_asked_for) {
        const auto found = co_await parts.catalogue.find_agent(call.tenant(), creation.id);
        if (!found) co_return refused(found.error());
        is_repeated = found->has_value();
    }
    if (!is_repeated) {
        Agent agent;
        agent.id.value = creation.number;
        agent.public_id = creation.id;
        auto answer = co_await configure(parts, call, std::move(agent));
        if (answer) co_return std::move(*answer);
    }
    ApiAnswer shown = co_await show_agent(parts, call.tenant(), creation.id);
    if (shown.status != 200) co_return shown;
    co_return created(std::move(shown), location_of(creation.id), is_repeated);
}

asio::awaitable<ApiAnswer> change_agent(const RestParts& parts, const Call& call) {
    return change(parts, call, try_change_agent);
}

asio::awaitable<ApiAnswer> set_limits(const RestParts& parts, const Call& call) {
    SetLimits limits;
    limits.agent = call.id("agent");
    limits.channel = value_of(channel_names, call.text("channel"));
    limits.enabled = flag_in(call.body, "enabled", true);
    limits.slots_max = number_in(call.body, "slots_max", 1);
    limits.slots_hard_max = number_in(call.body, "slots_hard_max", limits.slots_max);
    limits.wrap_up = seconds_in(call.body, "wrap_up_seconds", std::chrono::seconds(0));
    if (limits.slots_hard_max < limits.slots_max) {
        const Flaw flaw{"/body/slots_hard_max", "less than slots_max"};
        co_return malformed({flaw});
    }
    co_return co_await limit_agent(parts, call, limits);
}

asio::awaitable<ApiAnswer> set_total_limit(const RestParts& parts, const Call& call) {
    SetTotalLimit limit;
    limit.agent = call.id("agent");
    limit.total_max = number_in(call.body, "total_max", 0);
    co_return co_await limit_agent(parts, call, limit);
}

asio::awaitable<ApiAnswer> set_presence(const RestParts& parts, const Call& call) {
    SetPresence wish;
    wish.agent = call.id("agent");
    if (call.body.contains("channel"))
        wish.channel = value_in(call.body, "channel", channel_names, Channel::chat);
    wish.intent = value_in(call.body, "intent", intent_names, Intent::available);
    wish.text = text_in(call.body, "text");
    Command command;
    command.principal = call.principal;
    command.what = wish;
    const Reply reply = co_await ask(parts, std::move(command));
    if (auto answer = objection(reply)) co_return std::move(*answer);
    co_return nothing();
}

}  // namespace switchboard
