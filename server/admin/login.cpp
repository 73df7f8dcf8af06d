#include "admin/login.hpp"

#include <boost/json.hpp>

#include <optional>
#include <utility>
#include <vector>

#include "admin/refusal.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// Media types are compared whatever their case; a charset says nothing that JSON does not.
bool declares_json(const HttpRequest& request) {
    constexpr std::string_view wanted = "application/json";
    std::string type(request.field("Content-Type").substr(0, wanted.size() + 1));
    for (char& c : type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return type == wanted || type == "application/json;" || type == "application/json ";
}

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

// The value of our cookie; empty when there is none. A browser sends each name once, since ours
// can be set for no other path and host.
std::string token_of(const HttpRequest& request) {
    const std::string prefix = std::string(Login::cookie_name) + '=';
    std::string_view rest = request.field("Cookie");
    while (!rest.empty()) {
        const std::string_view cookie = rest.substr(0, rest.find(';'));
        if (cookie.starts_with(prefix)) return std::string(cookie.substr(prefix.size()));
        rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
        while (rest.starts_with(' '))
            rest.remove_prefix(1);
    }
    return {};
}

// Lasts as long as the browser does; the server ends it before if need be.
HttpField set_cookie(std::string_view value, std::string_view more = {}) {
    std::string cookie(Login::cookie_name);
    cookie.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=Lax");
    return {"Set-Cookie", cookie.append(more)};
}

std::string_view name_of(Role role) {
    switch (role) {
        case Role::agent:
            return "agent";
        case Role::bot:
            return "bot";
        case Role::viewer:
            return "viewer";
        case Role::manager:
            return "manager";
        case Role::admin:
            return "admin";
        case Role::account_owner:
            return "account_owner";
        default:
            break;  // these have no password
    }
    return "other";
}

// "2026-03-01T09:00:00Z", to the second below.
std::string to_rfc3339(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
    std::array<char, 32> text{};
    std::snprintf(text.data(),
                  text.size(),
                  "%04d-%02u-%02uT%02d:%02d:%02dZ",
                  static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    return text.data();
}

HttpResponse describe(const Principal& principal, std::string_view name, Time ends_at) {
    const json::object agent{
        {"id", to_text(principal.public_id)}, {"name", name}, {"role", name_of(principal.role)}};
    HttpResponse response;
    response.body =
        json::serialize(json::object{{"agent", agent}, {"ends_at", to_rfc3339(ends_at)}});
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
    auto token = token_of(request);
    const auto now = now_();
    const auto known = co_await logins_.find(token, now);
    const auto ended = co_await logins_.logout(std::move(token));
    if (!ended) co_return problem(to_refusal(ended.error()));
    if (known && logged_out_) logged_out_(*known);
    HttpResponse response;
    response.status = 204;
    response.fields.push_back(set_cookie("", "; Max-Age=0"));
    co_return response;
}

asio::awaitable<HttpResponse> Login::who_am_i(HttpRequest request) const {
    auto token = token_of(request);
    const auto now = now_();
    const auto known = co_await logins_.find(std::move(token), now);
    if (!known) co_return problem(to_refusal(known.error()));
    co_return describe(known->principal, known->name, known->ends_at);
}

asio::awaitable<HttpResponse> Login::issue_ticket(HttpRequest request) const {
    if (auto objection = objection_to(request)) co_return std::move(*objection);
    if (!parse_texts(request.body, {})) co_return problem(Refusal::invalid);
    auto token = token_of(request);
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
