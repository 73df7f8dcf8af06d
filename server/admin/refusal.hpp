#pragma once

#include <chrono>
#include <string_view>

#include "domain/errors.hpp"
#include "net/http.hpp"

namespace switchboard {

// A problem document (RFC 9457) with our stable `code`: a client decides by it, never by the title.
// `title` is for a developer and must not need escaping in JSON.
HttpResponse problem(int status, std::string_view code, std::string_view title);

// The one of the table in domain/errors, with Retry-After when a time is known.
HttpResponse problem(Refusal refusal, std::chrono::seconds retry_after = {});

}  // namespace switchboard
