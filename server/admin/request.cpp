#include "admin/request.hpp"

#include <algorithm>

namespace switchboard {

bool declares_json(const HttpRequest& request) {
    constexpr std::string_view wanted = "application/json";
    std::string type(request.field("Content-Type").substr(0, wanted.size() + 1));
    for (char& c : type)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return type == wanted || type == "application/json;" || type == "application/json ";
}

std::string session_token(const HttpRequest& request) {
    const std::string prefix = std::string(session_cookie) + '=';
    std::string_view rest = request.field("Cookie");
    while (!rest.empty()) {
        const std::string_view cookie = rest.substr(0, rest.find(';'));
        if (cookie.starts_with(prefix)) return std::string(cookie.substr(prefix.size()));
        rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
        while (rest.starts_with(' '))
            rest.remove_prefix(1);
    }
    return {};
}

}  // namespace switchboard
