#include "net/http.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>

#include <stdexcept>

namespace switchboard {
namespace {

namespace http = boost::beast::http;

void append_field(std::string& text, std::string_view name, std::string_view value) {
    constexpr std::string_view breaks("\r\n\0", 3);
    if (value.find_first_of(breaks) != value.npos || name.find_first_of(breaks) != name.npos) {
        throw std::invalid_argument("a response field has a line break");
    }
    text.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

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

std::string to_head(const HttpResponse& response, bool keeps_alive) {
    const http::status status = http::int_to_status(static_cast<unsigned>(response.status));
    std::string text = "HTTP/1.1 " + std::to_string(response.status) + ' ';
    text.append(http::obsolete_reason(status)).append("\r\n");
    for (const HttpField& field : response.fields)
        append_field(text, field.name, field.value);
    if (!response.body.empty()) append_field(text, "Content-Type", response.content_type);
    if (response.status != 204 && response.status != 304) {
        append_field(text, "Content-Length", std::to_string(response.body.size()));
    }
    if (!keeps_alive) append_field(text, "Connection", "close");
    return text.append("\r\n");
}

}  // namespace switchboard
