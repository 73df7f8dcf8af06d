#include "admin/pages.hpp"

#include <algorithm>
#include <string>

namespace switchboard {

const Page* find_page(std::string_view path) {
    const auto all = pages();
    const auto found = std::ranges::find(all, path, &Page::path);
    return found == all.end() ? nullptr : &*found;
}

HttpResponse to_response(const Page& page) {
    HttpResponse response;
    response.content_type = page.content_type;
    response.body = page.content;
    response.fields = {
        {"Content-Security-Policy",
         "default-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none';"
         " base-uri 'none'; form-action 'self'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cache-Control", "no-cache"},  // a new server brings new pages
    };
    return response;
}

}  // namespace switchboard
