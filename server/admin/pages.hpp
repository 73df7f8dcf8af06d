#pragma once

#include <span>
#include <string_view>

#include "net/http.hpp"

namespace switchboard {

// A file of web/client/ or web/pages/, compiled in.
struct Page {
    std::string_view path;  // what is asked for: "/", "/agent", or "/pages/agent.js"
    std::string_view content_type;
    std::string_view content;
};

// All there are: made from web/ by the build.
std::span<const Page> pages();

// Null when no page has exactly this path: nothing is decoded, joined or looked up on a disk.
const Page* find_page(std::string_view path);

// The page, with the fields that let a browser run our scripts alone, and talk to us alone.
HttpResponse to_response(const Page& page);

}  // namespace switchboard
