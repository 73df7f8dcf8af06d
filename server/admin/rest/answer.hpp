#pragma once

#include <boost/json.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "domain/errors.hpp"
#include "domain/version.hpp"
#include "net/http.hpp"

namespace switchboard {

// What an operation answers, before it is written down.
struct ApiAnswer {
    int status = 200;
    boost::json::value body;        // of a problem without its request id; null: none
    std::vector<HttpField> fields;  // others
};

// 200, or another status below 400.
ApiAnswer good(boost::json::value body, int status = 200);
ApiAnswer nothing();  // 204

// Something as it is in this version, which becomes its ETag.
ApiAnswer good(boost::json::value body, Version version);

// Something that was created, or was created by an earlier request with the same Idempotency-Key:
// as `shown`, a good() answer.
ApiAnswer created(ApiAnswer shown, const std::string& location, bool is_repeated);

// Where a request is wrong.
struct Flaw {
    std::string pointer;  // a JSON Pointer into {path, query, body}
    std::string detail;
};

// A problem document (RFC 9457). `code` is stable; the texts are for a developer.
ApiAnswer problem_answer(int status, std::string_view code, std::string_view title);
ApiAnswer refused(Refusal refusal, std::chrono::seconds retry_after = {});
ApiAnswer malformed(const std::vector<Flaw>& flaws);  // 400
ApiAnswer malformed_cursor();
ApiAnswer conflict(std::string_view title);  // 409 id_conflict

// An error of a port or of auth/.
ApiAnswer refused(const error_code& error);

// As it is sent; a problem is told the request's id.
HttpResponse to_response(ApiAnswer answer, const std::string& request_id);

}  // namespace switchboard
