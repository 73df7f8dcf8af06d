#include "integration/gateway/gateway_server.hpp"

#include <gtest/gtest.h>

#include <array>

#include "auth/opaque_token.hpp"
#include "domain/text.hpp"
#include "support/await_result.hpp"
#include "support/tenant_script.hpp"

namespace switchboard {

namespace {

Digest login_of(int agent) { return {static_cast<std::uint8_t>(agent)}; }

constexpr std::array<Role, 8> roles{{{},
                                     Role::agent,
                                     Role::agent,
                                     Role::manager,
                                     Role::bot,
                                     Role::viewer,
                                     Role::admin,
                                     Role::account_owner}};

Principal principal_of(int agent) {
    Principal principal = TenantScript::agent(agent);
    principal.role = roles.at(static_cast<std::size_t>(agent));
    if (principal.role == Role::bot) principal.person.kind = PersonKind::bot;
    if (principal.role > Role::bot) principal.person.kind = PersonKind::manager;
    return principal;
}

}  // namespace

GatewayServer::GatewayServer(const GatewaySettings& settings)
    : keys_(KeyRing::parse("k1 0123456789abcdef0123456789abcdef0123456789abcdef").value()) {
    sites_.put_site("shop", {TenantId{1}, SiteId{1}, {"https://shop.example"}});
    sites_.put_tenant("acme", {TenantId{1}, {"https://desk.example"}});
    std::vector<boost::asio::io_context*> contexts;
    for (std::size_t i = 0; i < threads_.size(); ++i)
        contexts.push_back(&threads_.at(i));
    audience_.emplace(contexts);
    gate.emplace(database_, tenant(), *audience_, now);
    const GatewayParts parts{
        *gate, store_, sites_, *audience_, {keys_, tickets_, logins_}, metrics_, now, nullptr};
    gateway.emplace(parts, settings);
    gateway->start();

    ListenerSettings listening;
    listening.per_ip = {100'000, 100'000, 100'000, 100'000};
    Handlers handlers;
    handlers.upgrade = [this](HttpRequest request, Subprotocol subprotocol) {
        return gateway->upgrade(std::move(request), std::move(subprotocol));
    };
    handlers.http = [](HttpRequest) -> boost::asio::awaitable<HttpResponse> {
        co_return problem(404, "nothing here");
    };
    handlers.subprotocols = Gateway::subprotocols();
    listener_.emplace(threads_, listening, std::move(handlers));
    threads_.start();
}

GatewayServer::~GatewayServer() {
    threads_.stop();
    threads_.join();
}

GatewaySettings GatewayServer::lenient() {
    GatewaySettings settings;
    settings.visitor.commands = {};
    settings.visitor.messages = {};
    settings.visitor.messages_in_a_minute = {};
    settings.visitor.typing = {};
    settings.agent = settings.visitor;
    return settings;
}

TenantState GatewayServer::tenant() {
    return TenantScript::state({{.id = 1, .slots_max = 50},
                                {.id = 2, .slots_max = 50},
                                {.id = 3, .groups = {}, .role = roles[3]},
                                {.id = 4, .role = roles[4]},
                                {.id = 5, .role = roles[5]},
                                {.id = 6, .role = roles[6]},
                                {.id = 7, .role = roles[7]}});
}

Time GatewayServer::now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(
        std::chrono::system_clock::now());
}

std::string GatewayServer::ticket(int agent) {
    const Principal principal = principal_of(agent);
    const AgentName name{"acme", std::to_string(agent)};
    accounts_.put(name, {.principal = principal, .password_hash = "", .is_enabled = true});
    const auto session = login_of(agent);
    const StoredSession login{.principal = principal, .started_at = now(), .seen_at = now()};
    EXPECT_TRUE(await_result(accounts_.store_session(session, login)));
    const SignedIn bearer{principal, session, now() + std::chrono::hours(12)};
    return tickets_.issue(bearer, now()).value();
}

void GatewayServer::log_out(int agent) {
    const auto principal = TenantScript::agent(agent);
    const AgentId id{principal.person.id};
    EXPECT_TRUE(await_result(logins_.end_all(principal.tenant, id)));
    audience_->log_out(TenantId{1}, principal.public_id, login_of(agent));
}

void GatewayServer::allow_drafts(bool allowed) {
    TenantSettings settings;
    settings.draft_preview = allowed;
    gate->submit({TenantScript::admin(), ConfigureTenant{settings}}, nullptr, 0);
}

std::string GatewayServer::talk_elsewhere() {
    TenantState state = TenantScript::state({});
    state.id = TenantId{2};
    EngineGate elsewhere(database_, state, *audience_, now);
    Principal visitor = TenantScript::visitor(1);
    visitor.tenant = state.id;
    const StartConversation start{TenantScript::talk_id(7),
                                  SiteId{1},
                                  Channel::chat,
                                  TenantScript::message_id(7, now()),
                                  "hello"};
    elsewhere.submit({visitor, start}, nullptr, 0);
    LookUp look_up;
    look_up.conversations.push_back(start.conversation);
    EXPECT_EQ(database_.find(state.id, look_up).conversations.size(), 1U);
    return to_text(start.conversation);
}

JsonClient::JsonClient(std::uint16_t port,
                       std::string_view path,
                       std::string_view origin,
                       int receive_buffer)
    : raw(port, receive_buffer) {
    const auto answer =
        raw.upgrade("switchboard.v1.json", path, "Origin: " + std::string(origin) + "\r\n");
    EXPECT_EQ(status_of(answer), 101) << answer;
}

std::uint32_t JsonClient::send(const std::string& command) {
    ++last_id_;
    raw.send_text(R"({"frames":[{"id":)" + std::to_string(last_id_) + "," + command + "}]}");
    return last_id_;
}

boost::json::object JsonClient::next() {
    while (received_.empty()) {
        const auto message = raw.read_frame();
        if (!message || message->opcode != 1) return {};
        auto frames = boost::json::parse(message->payload).at("frames").as_array();
        frames_of_last_message_ = frames.size();
        for (auto& frame : frames)
            receive(std::move(frame.as_object()));
    }
    auto frame = std::move(received_.front());
    received_.pop_front();
    return frame;
}

void JsonClient::receive(boost::json::object frame) {
    if (const auto* event = frame.if_contains("event")) {
        if (const auto* summary = event->as_object().if_contains("summary"))
            confirm(summary->as_object());
    } else {
        const auto& reply = frame.at("reply").as_object();
        if (confirming_.erase(reply.at("id").to_number<std::uint32_t>()) > 0) return;
        if (const auto* welcome = reply.if_contains("welcome")) {
            if (const auto* own = welcome->as_object().if_contains("conversations")) {
                for (const auto& summary : own->as_array())
                    confirm(summary.as_object());
            }
        }
    }
    received_.push_back(std::move(frame));
}

void JsonClient::confirm(const boost::json::object& summary) {
    if (!summary.contains("needsConfirmation")) return;
    const std::string conversation(summary.at("conversationId").as_string());
    confirming_.insert(send(R"("confirm":{"conversationId":")" + conversation + "\"}"));
}

boost::json::object JsonClient::event(std::string_view kind) {
    for (;;) {
        auto frame = next();
        if (frame.empty()) {
            ADD_FAILURE() << "the connection ended before " << kind;
            return {};
        }
        const auto* event = frame.if_contains("event");
        if (event == nullptr) continue;
        if (const auto* value = event->as_object().if_contains(kind)) return value->as_object();
    }
}

boost::json::object JsonClient::reply(std::uint32_t id) {
    for (;;) {
        auto frame = next();
        if (frame.empty()) {
            ADD_FAILURE() << "the connection ended before the reply to " << id;
            return {};
        }
        const auto* reply = frame.if_contains("reply");
        if (reply == nullptr) continue;
        EXPECT_EQ(reply->at("id").to_number<std::uint32_t>(), id);
        return reply->as_object();
    }
}

std::string JsonClient::refusal(std::uint32_t id) {
    const auto answer = reply(id);
    const auto* error = answer.if_contains("error");
    return error == nullptr ? "" : std::string(error->at("code").as_string());
}

std::string hello(const std::string& fields) { return "\"hello\":{" + fields + "}"; }

std::string message_id(int number) {
    const auto now =
        std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
    return to_text(TenantScript::message_id(number, now));
}

std::string start(int message, const std::string& text) {
    return R"("start":{"channel":"CHANNEL_CHAT","clientMsgId":")" + message_id(message) +
           R"(","text":")" + text + "\"}";
}

std::string send_text(const std::string& conversation, int message, const std::string& text) {
    return R"("send":{"conversationId":")" + conversation + R"(","clientMsgId":")" +
           message_id(message) + R"(","text":{"text":")" + text + "\"}}";
}

}  // namespace switchboard
