#pragma once

#include <gmock/gmock.h>

#include "integration/gateway/gateway_server.hpp"

namespace switchboard {

using boost::json::object;

inline constexpr std::string_view shop_origin = "https://shop.example";
inline constexpr std::string_view desk_origin = "https://desk.example";

inline std::string text_of(const object& from, std::string_view key) {
    const auto* value = from.if_contains(key);
    return value == nullptr ? "" : std::string(value->as_string());
}

inline std::int64_t number_of(const object& from, std::string_view key) {
    const auto* value = from.if_contains(key);
    return value == nullptr ? 0 : value->to_number<std::int64_t>();
}

inline std::string body_of(const object& entry) {
    return text_of(entry.at("text").as_object(), "text");
}

struct SessionTest : testing::Test {
    explicit SessionTest(const GatewaySettings& settings = GatewayServer::lenient())
        : server(settings) {}

    JsonClient at_shop() { return {server.port(), GatewayServer::shop, shop_origin}; }
    JsonClient at_desk() { return {server.port(), GatewayServer::desk, desk_origin}; }

    object welcome(JsonClient& client, const std::string& fields = "") {
        const auto answer = client.reply(client.send(hello(fields)));
        const auto* found = answer.if_contains("welcome");
        EXPECT_NE(found, nullptr) << boost::json::serialize(answer);
        return found == nullptr ? object() : found->as_object();
    }
    object welcome_agent(JsonClient& client, int agent = 1) {
        return welcome(
            client,
            R"("ticket":")" + server.ticket(agent) + R"(","kinds":["system","link","block"])");
    }

    // Starts a conversation and returns its id.
    static std::string talk(JsonClient& visitor, int message = 1) {
        const auto answer = visitor.reply(visitor.send(start(message)));
        return text_of(answer.at("stored").as_object(), "conversationId");
    }

    GatewayServer server;
};

}  // namespace switchboard
