#include "admin/rest/rest.hpp"

#include <boost/url/encoding_opts.hpp>
#include <boost/url/params_encoded_view.hpp>
#include <boost/url/parse_query.hpp>

#include <algorithm>
#include <stdexcept>

#include "admin/request.hpp"
#include "admin/rest/routes.hpp"
#include "auth/random.hpp"
#include "domain/text.hpp"
#include "net/ip_limits.hpp"

namespace switchboard {
namespace {

namespace asio = boost::asio;
namespace json = boost::json;

// A caller's own name for a request, when it can stand in a log; else one of ours.
std::string request_id_of(const HttpRequest& request) {
    constexpr std::string_view allowed =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz._-";
    const std::string_view given = request.field("X-Request-Id");
    const bool is_good = !given.empty() && given.size() <= 128 &&
                         given.find_first_not_of(allowed) == std::string_view::npos;
    return is_good ? std::string(given) : to_text(random_bits<PublicId>());
}

bool is_asked_for(const Operation& operation, const std::string& method) {
    return operation.method() == method || (operation.method() == "GET" && method == "HEAD");
}

ApiAnswer method_not_allowed(const std::string& path) {
    std::string allowed;
    json::object unused;
    for (const Operation& each : operations()) {
        if (!each.fits(path, unused)) continue;
        allowed += (allowed.empty() ? "" : ", ") + each.method();
        if (each.method() == "GET") allowed += ", HEAD";
    }
    if (allowed.empty()) return refused(Refusal::not_found);
    ApiAnswer answer = problem_answer(405, "method_not_allowed", "this path has other methods");
    answer.fields.push_back({"Allow", allowed});
    return answer;
}

// The parameters after the '?'; a flaw when one cannot be read, or is given twice.
std::optional<Flaw> read_query(const Operation& operation,
                               const std::string& text,
                               json::object& query) {
    const auto parsed = boost::urls::parse_query(text);
    if (!parsed) return Flaw{"/query", "this is not percent-encoded"};
    if (text.empty()) return std::nullopt;
    boost::urls::encoding_opts form;
    form.space_as_plus = true;
    for (const auto& encoded : *parsed) {
        const std::string name = encoded.key.decode(form);
        const std::string value = encoded.value.decode(form);
        if (!is_storable_text(name) || query.contains(name))
            return Flaw{"/query", "a parameter is given twice, or has no good name"};
        if (!is_storable_text(value)) return Flaw{"/query/" + name, "not UTF-8, or a NUL"};
        query[name] = operation.typed(name, value);
    }
    return std::nullopt;
}

// The first text in a body that cannot be stored.
std::optional<Flaw> unstorable(const json::value& value, const std::string& pointer) {
    constexpr const char* why = "not UTF-8, or a NUL";
    if (value.is_string() && !is_storable_text(std::string_view(value.get_string())))
        return Flaw{pointer, why};
    if (const auto* array = value.if_array()) {
        for (std::size_t i = 0; i < array->size(); ++i)
            if (auto flaw = unstorable((*array)[i], pointer + '/' + std::to_string(i))) return flaw;
    }
    if (const auto* object = value.if_object()) {
        for (const auto& [name, each] : *object) {
            if (!is_storable_text(name)) return Flaw{pointer, "a name is not UTF-8, or has a NUL"};
            if (auto flaw = unstorable(each, pointer + '/' + std::string(name))) return flaw;
        }
    }
    return std::nullopt;
}

// The body into `body`, or what is wrong with it as a whole.
std::optional<ApiAnswer> read_body(const HttpRequest& request, json::value& body) {
    if (!declares_json(request))
        return problem_answer(415, "unsupported_media_type", "send application/json");
    if (request.body.size() > Rest::body_bytes_max)
        return problem_answer(413, "too_large", "the body is too large");
    json::parse_options options;
    options.max_depth = 8;
    options.allow_invalid_utf8 = true;  // so that we can say where it is
    error_code error;
    body = json::parse(request.body, error, {}, options);
    if (error) return malformed({{"/body", "this is not JSON, or too deep"}});
    if (auto flaw = unstorable(body, "/body")) return malformed({*flaw});
    return std::nullopt;
}

// What is sent, held against the document; the answer when it is not as that says.
std::optional<ApiAnswer> read(const HttpRequest& request, const Operation& operation, Call& call) {
    json::value body = json::object();
    if (auto flaw = read_query(operation, request.query, call.query)) return malformed({*flaw});
    if (operation.has_body()) {
        if (auto answer = read_body(request, body)) return answer;
    } else if (!request.body.empty()) {
        return malformed({{"/body", "this operation takes no body"}});
    }
    json::object whole{{"path", call.path}, {"query", call.query}};
    if (operation.has_body()) whole["body"] = body;
    const auto flaws = operation.check(std::move(whole));
    const auto is_of_path = [](const Flaw& flaw) { return flaw.pointer.starts_with("/path"); };
    if (std::ranges::any_of(flaws, is_of_path)) return refused(Refusal::not_found);
    if (!flaws.empty()) return malformed(flaws);
    call.body = std::move(body.as_object());
    return std::nullopt;
}

bool is_printable(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

// 403, or the part that is the caller's own.
std::optional<ApiAnswer> judge(const Route& route, Call& call) {
    const auto why_not = authorize(call.principal, *route.action, nullptr);
    if (!why_not) return std::nullopt;
    call.own_only = route.own && !authorize(call.principal, *route.own, nullptr);
    if (call.own_only) return std::nullopt;
    return refused(*why_not);
}

// Parameters that are fields of the request; the first that is wrong.
std::optional<Flaw> read_fields(const HttpRequest& request,
                                const Operation& operation,
                                Call& call) {
    if (operation.takes("Idempotency-Key")) call.idempotency_key = request.field("Idempotency-Key");
    if (call.idempotency_key.size() > 255 || !is_printable(call.idempotency_key))
        return Flaw{"/header/Idempotency-Key", "1 to 255 printable characters"};
    for (const auto& [name, tags] :
         {std::pair("If-Match", &call.if_match), std::pair("If-None-Match", &call.if_none_match)}) {
        const std::string_view field = request.field(name);
        if (field.empty() || !operation.takes(name)) continue;
        *tags = EntityTags::parse(field);
        if (!*tags) return Flaw{std::string("/header/") + name, "no entity tags, nor *"};
    }
    return std::nullopt;
}

// 304 for what the caller has already.
ApiAnswer unless_known(const Call& call, ApiAnswer answer) {
    if (!call.if_none_match || answer.status != 200) return answer;
    const auto etag = std::ranges::find(answer.fields, "ETag", &HttpField::name);
    if (etag == answer.fields.end() || !call.if_none_match->have_weakly(etag->value)) return answer;
    answer.status = 304;
    answer.body = nullptr;
    return answer;
}

ApiAnswer unauthorized(const error_code& why) {
    ApiAnswer answer = refused(why);
    if (answer.status == 401) answer.fields.push_back({"WWW-Authenticate", "Bearer"});
    return answer;
}

// Whose requests are counted together: a key's, a person's over all his logins, or those from an
// address of which nobody knows who asks.
std::string caller_of(const Principal& principal, const HttpRequest& request) {
    if (!principal.public_id) {
        error_code error;
        const auto from = asio::ip::make_address(request.remote_address, error);
        return error ? request.remote_address : client_of(from).to_string();
    }
    return std::to_string(principal.tenant.value) + '/' + to_text(principal.public_id);
}

void add_fields(const RequestLimits::Standing& standing, ApiAnswer& answer) {
    if (standing.limit == 0) return;
    answer.fields.push_back({"RateLimit-Limit", std::to_string(standing.limit)});
    answer.fields.push_back({"RateLimit-Remaining", std::to_string(standing.remaining)});
    answer.fields.push_back({"RateLimit-Reset", std::to_string(standing.whole_after.count())});
}

}  // namespace

Rest::Rest(const RestParts& parts) : parts_(parts) {
    if (operations().size() != routes().size())
        throw std::logic_error("openapi.json and the routes differ in number");
    for (const Operation& operation : operations()) {
        const auto found = std::ranges::find(routes(), operation.id(), &Route::operation);
        if (found == routes().end() || operation.is_public() != !found->action)
            throw std::logic_error("openapi.json and the routes differ in " + operation.id());
    }
}

asio::awaitable<HttpResponse> Rest::handle(HttpRequest request) const {
    const std::string request_id = request_id_of(request);
    ApiAnswer given;
    std::string failure;
    RequestLimits::Standing standing;
    try {
        given = co_await answer(request, request_id, standing);
    } catch (const std::exception& bug) {
        failure = bug.what();
        given = problem_answer(500, "internal", "this server failed; the log has the request's id");
    }
    if (!failure.empty() && parts_.failed) parts_.failed("request " + request_id + ": " + failure);
    add_fields(standing, given);
    co_return to_response(std::move(given), request_id);
}

asio::awaitable<ApiAnswer> Rest::answer(const HttpRequest& request,
                                        std::string request_id,
                                        RequestLimits::Standing& standing) const {
    Call call;
    call.request_id = std::move(request_id);
    call.now = parts_.now();
    const auto operation = std::ranges::find_if(operations(), [&](const Operation& each) {
        return is_asked_for(each, request.method) && each.fits(request.path, call.path);
    });
    const Route* route = nullptr;
    if (operation != operations().end())
        route = &*std::ranges::find(routes(), operation->id(), &Route::operation);
    std::optional<ApiAnswer> unknown_caller;
    if (route != nullptr && route->action) {
        const auto principal = co_await authenticate(request, call.now);
        if (principal) call.principal = *principal;
        if (!principal) unknown_caller = unauthorized(principal.error());
    }
    standing = parts_.limits.take(caller_of(call.principal, request), call.now);
    if (standing.retry_after.count() > 0) {
        if (parts_.limited) parts_.limited();
        co_return refused(Refusal::rate_limited, standing.retry_after);
    }
    if (route == nullptr) co_return method_not_allowed(request.path);
    if (unknown_caller) co_return std::move(*unknown_caller);
    call.operation = operation->id();
    if (route->action) {
        if (auto answer = judge(*route, call)) co_return std::move(*answer);
    }
    if (auto flaw = read_fields(request, *operation, call)) co_return malformed({*flaw});
    if (auto answer = read(request, *operation, call)) co_return std::move(*answer);
    ApiAnswer given = co_await route->handler(parts_, call);
    co_return unless_known(call, std::move(given));
}

asio::awaitable<Result<Principal>> Rest::authenticate(const HttpRequest& request, Time now) const {
    constexpr std::string_view scheme = "Bearer ";
    const std::string_view authorization = request.field("Authorization");
    if (authorization.starts_with(scheme)) {
        std::string key(authorization.substr(scheme.size()));
        co_return co_await parts_.keys.find(std::move(key), now);
    }
    if (!authorization.empty()) co_return AuthError::denied;
    std::string token = session_token(request);
    const auto known = co_await parts_.logins.find(std::move(token), now);
    if (!known) co_return known.error();
    co_return known->principal;
}

}  // namespace switchboard
