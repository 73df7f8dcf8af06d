#include "admin/login.hpp"

#include <boost/json.hpp>

#include <optional>
#include <utility>
#include <vector>

#include "admin/refusal.hpp"
#include "admin/request.hpp"
#include "admin/rest/look.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// What is wrong with a request before its body is read; nothing when it may go on.
std::optional<HttpResponse> objection_to(const HttpRequest& request) {
    if (!declares_json(request)) {
        return problem(415, "unsupported_media_type", "send application/json");
    }
    if (request.body.size() > Login::body_bytes_max) {
        return problem(413, "too_large", "the body is too large");
    }
    return std::nullopt;
}

std::optional<json::object> parse_object(const std::string& body) {
    json::parse_options strict;
    strict.max_depth = 1;
    error_code error;
    auto value = json::parse(body, error, {}, strict);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

// The values of exactly these names, all of them texts that can be stored.
std::optional<std::vector<std::string>> parse_texts(const std::string& body,
                                                    std::initializer_list<const char*> names) {
    const auto object = parse_object(body);
    if (!object || object->size() != names.size()) return std::nullopt;
    std::vector<std::string> texts;
    for (const char* name : names) {
        const auto* value = object->if_contains(name);
        if (value == nullptr || !value->is_string()) return std::nullopt;
        texts.emplace_back(value->get_string());
        if (!is_storable_text(texts.back())) return std::nullopt;
    }
    return texts;
}

// Lasts as long as the browser does; the server ends it before if need be.
HttpField set_cookie(std::string_view value, std::string_view more = {}) {
    std::string cookie(session_cookie);
    cookie.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=Lax");
    return {"Set-Cookie", cookie.append(more)};
}

HttpResponse describe(const Principal& principal, std::string_view name, Time ends_at) {
    const json::object agent{{"id", to_text(principal.public_id)},
                             {"name", name},
                             {"role", name_of(role_names, principal.role)}};
    HttpResponse response;
    response.body = json::serialize(
        json::object{{"agent", agent},
                     {"ends_at", to_rfc3339(std::chrono::floor<std::chrono::seconds>(ends_at))}});
    return response;
}

}  // namespace

Login::Login(LoginSessions& logins,
             SocketTickets& tickets,
             std::function<Time()> now,
             LoggedOut logged_out)
    : logins_(logins),
      tickets_(tickets),
      now_(std::move(now)),
      logged_out_(std::move(logged_out)) {}

asio::awaitable<HttpResponse> Login::log_in(HttpRequest request) const {
    if (auto objection = objection_to(request)) co_return std::move(*objection);
    auto texts = parse_texts(request.body, {"tenant", "login", "password"});
    if (!texts) co_return problem(Refusal::invalid);
    LoginAttempt attempt;
    attempt.tenant = std::move((*texts)[0]);
    attempt.login = std::move((*texts)[1]);
    attempt.password = std::move((*texts)[2]);
    error_code error;
    attempt.client = asio::ip::make_address(request.remote_address, error);

    const auto now = now_();
    const auto granted = co_await logins_.login(std::move(attempt), now);
    if (!granted) {
        const LoginRefused& refused = granted.error();
        co_return problem(to_refusal(refused.why), refused.retry_after);
    }
    auto response = describe(granted->principal, granted->name, granted->ends_at);
    response.fields.push_back(set_cookie(granted->token));
    co_return response;
}

asio::awaitable<HttpResponse> Login::log_out(HttpRequest request) const {
    if (auto objection = objection_to(request)) co_return std::move(*objection);
    if (!parse_texts(request.body, {})) co_return problem(Refusal::invalid);
    auto token = session_token(request);
    const auto now = now_();
    const auto known = co_await logins_.find(token, now);
    const bool is_unsure = !known && known.error() != AuthError::denied;
    if (is_unsure) co_return problem(to_refusal(known.error()));
    const auto ended = co_await logins_.logout(std::move(token));
    if (!ended) co_return problem(to_refusal(ended.error()));
    if (known && logged_out_) logged_out_(*known);
    HttpResponse response;
    response.status = 204;
    response.fields.push_back(set_cookie("", "; Max-Age=0"));
    co_return response;
}

asio::awaitable<HttpResponse> Login::who_am_i(HttpRequest request) const {
    auto token = session_token(request);
    const auto now = now_();
    const auto known = co_await logins_.find(std::move(token), now);
    if (!known) co_return problem(to_refusal(known.error()));
    co_return describe(known->principal, known->name, known->ends_at);
}

asio::awaitable<HttpResponse> Login::issue_ticket(HttpRequest request) const {
    if (auto objection = objection_to(request)) co_return std::move(*objection);
    if (!parse_texts(request.body, {})) co_return problem(Refusal::invalid);
    auto token = session_token(request);
    const auto now = now_();
    const auto known = co_await logins_.find(std::move(token), now);
    if (!known) co_return problem(to_refusal(known.error()));
    const auto ticket = tickets_.issue(*known, now);
    if (!ticket) co_return problem(to_refusal(ticket.error()), std::chrono::seconds(1));
    HttpResponse response;
    response.body = json::serialize(json::object{{"ticket", *ticket}});
    co_return response;
}

}  // namespace switchboard
