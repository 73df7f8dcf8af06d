#include "admin/rest/answer.hpp"

#include <algorithm>

#include "admin/rest/entity_tags.hpp"
#include "auth/auth_error.hpp"

namespace switchboard {

namespace json = boost::json;

namespace {

// What may hold a name that somebody made up, cut between two characters.
std::string shortened(const std::string& text) {
    constexpr std::size_t bytes_max = 300;
    std::size_t end = std::min(text.size(), bytes_max);
    while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

}  // namespace

ApiAnswer good(json::value body, int status) { return {status, std::move(body), {}}; }

ApiAnswer nothing() { return {204, nullptr, {}}; }

ApiAnswer good(json::value body, Version version) {
    return {200, std::move(body), {{"ETag", to_etag(version)}}};
}

ApiAnswer created(ApiAnswer shown, const std::string& location, bool is_repeated) {
    shown.status = 201;
    shown.fields.push_back({"Location", location});
    if (is_repeated) shown.fields.push_back({"Idempotent-Replayed", "true"});
    return shown;
}

ApiAnswer problem_answer(int status, std::string_view code, std::string_view title) {
    return {status, json::object{{"status", status}, {"code", code}, {"title", title}}, {}};
}

ApiAnswer refused(Refusal refusal, std::chrono::seconds retry_after) {
    const RefusalInfo& known = info(refusal);
    ApiAnswer answer = problem_answer(known.http_status, known.code, known.text);
    if (retry_after.count() > 0)
        answer.fields.push_back({"Retry-After", std::to_string(retry_after.count())});
    return answer;
}

ApiAnswer refused(const error_code& error) {
    const Refusal refusal = to_refusal(error);
    const bool is_about_time = refusal != Refusal::unauthorized;
    return refused(refusal, std::chrono::seconds(is_about_time ? 1 : 0));
}

ApiAnswer malformed(const std::vector<Flaw>& flaws) {
    constexpr std::size_t flaws_max = 20;
    ApiAnswer answer = refused(Refusal::invalid);
    json::array errors;
    for (const Flaw& flaw : flaws) {
        if (errors.size() == flaws_max) break;
        errors.push_back(
            json::object{{"pointer", shortened(flaw.pointer)}, {"detail", shortened(flaw.detail)}});
    }
    answer.body.as_object()["errors"] = std::move(errors);
    return answer;
}

ApiAnswer malformed_cursor() {
    return malformed({{"/query/cursor", "this is no next_cursor of this list"}});
}

ApiAnswer conflict(std::string_view title) {
    const RefusalInfo& known = info(Refusal::id_conflict);
    return problem_answer(known.http_status, known.code, title);
}

HttpResponse to_response(ApiAnswer answer, const std::string& request_id) {
    HttpResponse response;
    response.status = answer.status;
    response.fields = std::move(answer.fields);
    response.fields.push_back({"X-Request-Id", request_id});
    response.fields.push_back({"Cache-Control", "no-store"});
    if (answer.status >= 400) {
        response.content_type = "application/problem+json";
        answer.body.as_object()["request_id"] = request_id;
    }
    if (!answer.body.is_null()) response.body = json::serialize(answer.body);
    return response;
}

}  // namespace switchboard
