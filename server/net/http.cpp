#include "net/http.hpp"

#include <boost/beast/core/string.hpp>

namespace switchboard {

std::string_view HttpRequest::field(std::string_view name) const {
    for (const HttpField& each : fields) {
        if (boost::beast::iequals(each.name, name)) return each.value;
    }
    return {};
}

HttpResponse problem(int status, std::string_view title) {
    HttpResponse response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = R"({"status":)" + std::to_string(status) + R"(,"title":")";
    response.body.append(title).append(R"("})");
    return response;
}

}  // namespace switchboard
