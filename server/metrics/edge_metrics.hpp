#pragma once

#include "metrics/registry.hpp"

namespace switchboard {

// The connections of clients.
struct EdgeMetrics {
    const Registry& registry;

    GaugeMetric visitor_sockets{registry, "sockets", sockets_help, {{"role", "visitor"}}};
    GaugeMetric agent_sockets{registry, "sockets", sockets_help, {{"role", "agent"}}};
    GaugeMetric connections{registry, "connections", "Connections open now, WebSockets included"};
    CounterMetric requests{registry, "requests_total", "HTTP requests, upgrades included"};
    CounterMetric bad_requests{
        registry, "bad_requests_total", "HTTP requests refused before anybody looked at them"};
    CounterMetric handler_failures{
        registry, "handler_failures_total", "HTTP requests answered 500; the log says why"};
    CounterFamily handshake_rejected{
        registry, "handshake_rejected_total", "Sockets turned away before welcome", "reason"};
    CounterFamily auth_failed{
        registry, "auth_failed_total", "Credentials that were not accepted", "reason"};
    CounterFamily rate_limited{registry,
                               "rate_limited_total",
                               "Commands and requests refused as too frequent, by sender",
                               "who"};
    CounterMetric slow_consumer_closed{
        registry, "slow_consumer_closed_total", "Sockets closed because the peer read too slowly"};

    static constexpr std::string_view sockets_help = "Sockets open now, by role";
};

}  // namespace switchboard
