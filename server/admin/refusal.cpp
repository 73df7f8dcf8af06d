#include "admin/refusal.hpp"

#include <string>

namespace switchboard {

HttpResponse problem(int status, std::string_view code, std::string_view title) {
    HttpResponse response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = R"({"status":)" + std::to_string(status) + R"(,"code":")";
    response.body.append(code).append(R"(","title":")").append(title).append(R"("})");
    return response;
}

HttpResponse problem(Refusal refusal, std::chrono::seconds retry_after) {
    const RefusalInfo& known = info(refusal);
    HttpResponse response = problem(known.http_status, known.code, known.text);
    if (retry_after.count() > 0) {
        response.fields.push_back({"Retry-After", std::to_string(retry_after.count())});
    }
    return response;
}

}  // namespace switchboard
