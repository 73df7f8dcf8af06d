#include "admin/api.hpp"

#include <array>
#include <string>
#include <string_view>

#include "admin/pages.hpp"
#include "admin/refusal.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;

struct Route {
    std::string_view method;
    std::string_view path;
    asio::awaitable<HttpResponse> (Login::*answer)(HttpRequest) const;
};

constexpr std::array<Route, 4> routes{{
    {"POST", "/v1/login", &Login::log_in},
    {"POST", "/v1/logout", &Login::log_out},
    {"GET", "/v1/session", &Login::who_am_i},
    {"POST", "/v1/ticket", &Login::issue_ticket},
}};

bool fits(std::string_view method, const HttpRequest& request) {
    return request.method == method || (request.method == "HEAD" && method == "GET");
}

HttpResponse wrong_method(std::string_view allowed) {
    auto response = problem(405, "method_not_allowed", "this path has another method");
    response.fields.push_back({"Allow", allowed == "GET" ? "GET, HEAD" : std::string(allowed)});
    return response;
}

}  // namespace

Api::Api(const ApiParts& parts)
    : login_(parts.logins, parts.tickets, parts.now, parts.logged_out), others_(parts.others) {}

asio::awaitable<HttpResponse> Api::handle(HttpRequest request) const {
    if (const Page* page = find_page(request.path)) {
        co_return fits("GET", request) ? to_response(*page) : wrong_method("GET");
    }
    for (const Route& route : routes) {
        if (route.path != request.path) continue;
        if (!fits(route.method, request)) co_return wrong_method(route.method);
        auto response = co_await (login_.*route.answer)(std::move(request));
        response.fields.push_back({"Cache-Control", "no-store"});
        co_return response;
    }
    if (!others_) co_return problem(Refusal::not_found);
    co_return co_await others_(std::move(request));
}

}  // namespace switchboard
