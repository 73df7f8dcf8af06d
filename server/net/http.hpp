#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

struct HttpField {
    std::string name;
    std::string value;
};

// One request whose framing is beyond doubt: exactly one Host, an origin-form target, no ambiguous
// length. The fields are those of the header; trailers are dropped, so they cannot add credentials.
struct HttpRequest {
    std::string method;  // GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS
    std::string path;    // begins with '/'; percent-encoding as sent
    std::string query;   // what follows the '?', as sent; empty when there is none
    std::vector<HttpField> fields;
    std::string body;
    std::string remote_address;  // of the client; behind a trusted proxy, as that proxy saw it

    // The value of the first field of that name, whatever its case; empty when there is none.
    std::string_view field(std::string_view name) const;
};

// Content-Length and Connection are added when it is sent.
struct HttpResponse {
    int status = 200;
    std::string content_type = "application/json";  // left out when there is no body
    std::string body;
    std::vector<HttpField> fields;  // others, such as Location; no line breaks in them
};

// A problem document (RFC 9457) with nothing but the status and a line for a developer. `title`
// must not need escaping in JSON.
HttpResponse problem(int status, std::string_view title);

// Status line and fields as they are sent before the body. Throws std::invalid_argument when a
// field would break out of its line.
std::string to_head(const HttpResponse& response, bool keeps_alive);

}  // namespace switchboard
