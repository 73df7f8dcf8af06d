#pragma once

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "admin/rest/rest.hpp"
#include "domain/text.hpp"
#include "support/await_result.hpp"
#include "support/memory_api_key_store.hpp"
#include "support/memory_archive.hpp"
#include "support/memory_catalogue.hpp"
#include "support/memory_credential_store.hpp"
#include "support/scripted_gate.hpp"

namespace switchboard {

inline PublicId public_id(std::uint8_t tenant, std::uint8_t number) {
    PublicId id;
    id.bytes[0] = tenant;
    id.bytes[15] = number;
    return id;
}

// Each conversation has five entries.
class FiveEntries final : public TenantStore {
public:
    boost::asio::awaitable<Result<TenantState>> load(TenantId) override { co_return TenantState(); }
    boost::asio::awaitable<Result<Facts>> find(TenantId, LookUp) override { co_return Facts(); }
    boost::asio::awaitable<Result<EntryPage>> read(PageRequest request) override {
        EntryPage page;
        for (Seq seq = request.after + 1; seq <= 5; ++seq) {
            if (page.entries.size() == static_cast<std::size_t>(request.limit)) break;
            EntryView view;
            view.entry.seq = seq;
            page.entries.push_back(view);
        }
        co_return page;
    }
};

// The HTTP interface over memory, with two tenants of the same configuration: an agent of each
// role, a group, a site, a conversation and a block. The owner of a tenant, which here is a script,
// keeps what it is told to configure.
class RestTest : public testing::Test {
protected:
    static constexpr std::uint8_t ours = 1, theirs = 2;
    static constexpr int requests_at_once = 200;  // and one a second, by a clock that stands still

    RestTest() {
        for (const std::uint8_t tenant : {ours, theirs})
            furnish(tenant);
        gate_.set_script([this](const Command& command) { return carry_out(command); });
    }

    // A request by the bearer of `credential`: a key, a role's name for our tenant's cookie, or "".
    struct Asked {
        std::string method;
        std::string path;
        std::string body{};
        std::string query{};
        std::vector<HttpField> fields{};
    };
    HttpResponse ask(const std::string& credential, const Asked& asked) {
        HttpRequest request;
        request.method = asked.method;
        request.path = asked.path;
        request.query = asked.query;
        request.body = asked.body;
        request.fields = asked.fields;
        request.remote_address = "192.0.2.1";
        if (!asked.body.empty()) request.fields.push_back({"Content-Type", "application/json"});
        if (credential.starts_with("sbk_")) {
            request.fields.push_back({"Authorization", "Bearer " + credential});
        } else if (!credential.empty()) {
            request.fields.push_back({"Cookie", cookie_of(credential)});
        }
        return await_result(rest_.handle(std::move(request)));
    }

    // A key of a tenant with these scopes; without a tenant an operator's.
    std::string key(TenantId tenant, const std::vector<std::string>& scopes = {}) {
        NewKey wanted{random_id(), tenant, "a key", scopes, std::nullopt};
        return await_result(keys_.mint(wanted, now_)).value().text;
    }

    PublicId random_id() { return public_id(0xEE, ++last_id_); }

    static std::string field(const HttpResponse& response, std::string_view name) {
        for (const auto& each : response.fields)
            if (each.name == name) return each.value;
        return {};
    }

    static std::string code(const HttpResponse& response) {
        if (response.content_type != "application/problem+json") return response.body;
        return std::string(boost::json::parse(response.body).at("code").as_string());
    }

    // Where a 400 says that the request is wrong.
    static std::string pointer(const HttpResponse& response) {
        const auto body = boost::json::parse(response.body);
        const auto& errors = body.at("errors").as_array();
        return errors.empty() ? "" : std::string(errors[0].at("pointer").as_string());
    }

    static boost::json::value json(const HttpResponse& response) {
        return boost::json::parse(response.body);
    }

    static std::string agent_id(std::uint8_t tenant, Role role) {
        return to_text(public_id(tenant, static_cast<std::uint8_t>(role)));
    }

    std::string cookie_of(const std::string& role) {
        auto& cookie = cookies_[role];
        if (!cookie.empty()) return cookie;
        const LoginAttempt attempt{"tenant1", role + "@example.com", "right", {}};
        const auto granted = await_result(logins_.login(attempt, now_));
        EXPECT_TRUE(granted) << role;
        return cookie = "__Host-switchboard=" + granted->token;
    }

    void furnish(std::uint8_t number) {
        const TenantId tenant{number};
        const std::string key = "tenant" + std::to_string(number);
        catalogue_.put({tenant, public_id(number, 0), key, "A tenant", 365, {}});
        catalogue_.put(tenant, Group{GroupId{1}, public_id(number, 101), "Everybody"});
        Site site;
        site.id = SiteId{1};
        site.key = key + "-shop";
        site.name = "A shop";
        site.origins = {"https://shop.example"};
        site.groups = {GroupId{1}};
        catalogue_.put(tenant, site);
        for (const auto& [role, name] : accounts()) {
            Agent agent;
            agent.id.value = static_cast<int>(role);
            agent.public_id = public_id(number, static_cast<std::uint8_t>(role));
            agent.login = name + "@example.com";
            agent.name = name;
            agent.role = role;
            agent.groups = {GroupId{1}};
            agent.channels.resize(1);
            catalogue_.put(tenant, agent);
            AgentAccount account;
            account.principal = {tenant, role, person(agent.id), agent.public_id};
            account.password_hash = hash_;
            account.is_enabled = true;
            account.name = name;
            credentials_.put({key, agent.login}, account);
        }
        StoredTalk talk;
        talk.conversation.id = ConversationId{20};
        talk.conversation.public_id = public_id(number, 120);
        talk.conversation.site = site.id;
        talk.conversation.visitor = VisitorId{19};
        talk.conversation.agent.value = static_cast<int>(Role::agent);
        talk.conversation.state = ConversationState::active;
        talk.conversation.opened_at = now_;
        talk.site_key = site.key;
        talk.visitor = {person(VisitorId{19}), public_id(number, 119), "Vera"};
        talk.agent = {person(talk.conversation.agent), public_id(number, 2), "agent"};
        archive_.put(tenant, talk);
        StoredBlock block;
        block.block.id = BlockId{30};
        block.block.public_id = public_id(number, 130);
        block.block.visitor = VisitorId{19};
        block.block.visitor_public_id = public_id(number, 119);
        block.block.at = now_;
        archive_.put(tenant, block);
    }

    static std::map<Role, std::string> accounts() {
        return {{Role::agent, "agent"},
                {Role::viewer, "viewer"},
                {Role::manager, "manager"},
                {Role::admin, "admin"},
                {Role::account_owner, "account_owner"}};
    }

    // As the engine, for what it stores and what another tenant's look like.
    Reply carry_out(const Command& command) {
        const TenantId tenant = command.principal.tenant;
        const auto tenant_number = static_cast<std::uint8_t>(tenant.value);
        const auto is_other = [&](const PublicId& id) {
            return id && id.bytes[0] != tenant_number;
        };
        if (!is_in_time(command)) return refuse(Refusal::version_mismatch);
        if (const auto* agent = std::get_if<ConfigureAgent>(&command.what)) {
            put(tenant, agent->account);
        } else if (const auto* group = std::get_if<ConfigureGroup>(&command.what)) {
            catalogue_.put(tenant, group->group);
        } else if (const auto* site = std::get_if<ConfigureSite>(&command.what)) {
            catalogue_.put(tenant, site->site);
        } else if (const auto* settings = std::get_if<ConfigureTenant>(&command.what)) {
            catalogue_.put(tenant, settings->settings);
        } else if (std::holds_alternative<ShowLive>(command.what)) {
            return LiveView{};
        } else if (const auto* asked = std::get_if<ShowAvailability>(&command.what)) {
            if (asked->site != "tenant" + std::to_string(tenant_number) + "-shop")
                return refuse(Refusal::not_found);
            const AvailabilityView chat{SiteId{1}, Channel::chat, Availability::yes};
            const AvailabilityView messaging{SiteId{1}, Channel::messaging, Availability::queue};
            return SiteAvailability{{chat, messaging}};
        } else if (const auto* block = std::get_if<BlockVisitor>(&command.what)) {
            if (is_other(block->visitor) || is_other(block->conversation))
                return refuse(Refusal::not_found);
            StoredBlock made;
            made.block.id.value = 1'000 + static_cast<std::int64_t>(gate_.commands.size());
            made.block.public_id = block->block;
            archive_.put(tenant, made);
            return Blocked{block->block};
        } else if (is_other(object_of(command))) {
            return refuse(Refusal::not_found);
        }
        return Done{};
    }

    static Reply refuse(Refusal reason) {
        Refused refusal;
        refusal.reason = reason;
        return refusal;
    }

    // Whether what the command changes is as its asker saw it.
    bool is_in_time(const Command& command) {
        const TenantId tenant = command.principal.tenant;
        const auto is_as_seen = [](const auto& what, const auto& present) {
            return !what.seen || (present && *what.seen == version_of(*present));
        };
        if (const auto* agent = std::get_if<ConfigureAgent>(&command.what)) {
            const auto& id = agent->account.public_id;
            return is_as_seen(*agent, await_result(catalogue_.find_agent(tenant, id)).value());
        }
        if (const auto* limits = std::get_if<SetLimits>(&command.what)) {
            const auto& id = limits->agent;
            return is_as_seen(*limits, await_result(catalogue_.find_agent(tenant, id)).value());
        }
        if (const auto* group = std::get_if<ConfigureGroup>(&command.what)) {
            const auto& id = group->group.public_id;
            return is_as_seen(*group, await_result(catalogue_.find_group(tenant, id)).value());
        }
        if (const auto* site = std::get_if<ConfigureSite>(&command.what)) {
            const auto& key = site->site.key;
            return is_as_seen(*site, await_result(catalogue_.find_site(tenant, key)).value());
        }
        if (const auto* settings = std::get_if<ConfigureTenant>(&command.what))
            return is_as_seen(*settings, await_result(catalogue_.settings(tenant)));
        return true;
    }

    static PublicId object_of(const Command& command) {
        if (const auto* limits = std::get_if<SetLimits>(&command.what)) return limits->agent;
        if (const auto* limit = std::get_if<SetTotalLimit>(&command.what)) return limit->agent;
        if (const auto* wish = std::get_if<SetPresence>(&command.what)) return wish->agent;
        if (const auto* close = std::get_if<CloseConversation>(&command.what))
            return close->conversation;
        if (const auto* lift = std::get_if<LiftBlock>(&command.what)) return lift->block;
        return {};
    }

    void put(TenantId tenant, const Account& account) {
        Agent agent;
        agent.id = account.id;
        agent.public_id = account.public_id;
        agent.login = account.login;
        agent.name = account.name;
        agent.role = account.role;
        agent.enabled = account.enabled;
        agent.groups = account.groups;
        catalogue_.put(tenant, agent);
    }

    Time now_{std::chrono::seconds(1'800'000'000)};
    std::uint8_t last_id_ = 0;
    MemoryCatalogue catalogue_;
    MemoryArchive archive_;
    FiveEntries store_;
    MemoryApiKeyStore key_store_;
    ApiKeys keys_{key_store_};
    MemoryCredentialStore credentials_;
    PasswordHasher hasher_{{.memory_bytes = 8 << 10, .passes = 1, .waiting_max = 4}};
    const std::string hash_ = await_result(hasher_.hash("right")).value();
    LoginSessions logins_{credentials_, hasher_, {}};
    std::map<std::string, std::string> cookies_;
    ScriptedGate gate_;
    std::vector<std::string> failures_;
    RequestLimits limits_{Rate{std::chrono::seconds(1), requests_at_once}};
    int limited_ = 0;
    Rest rest_{{gate_,
                catalogue_,
                archive_,
                store_,
                keys_,
                logins_,
                hasher_,
                limits_,
                [this] { return now_; },
                [](const boost::asio::any_io_executor&) { return std::size_t{0}; },
                [this](const std::string& what) { failures_.push_back(what); },
                [this] { ++limited_; },
                {}}};
};

}  // namespace switchboard
