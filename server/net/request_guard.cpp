#include "net/request_guard.hpp"

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/rfc7230.hpp>

#include <algorithm>
#include <iterator>

namespace switchboard {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;

constexpr std::ptrdiff_t fields_max = 64;
constexpr std::size_t websocket_key_size = 24;  // 16 bytes in base64

// True when nothing in a request's header could be read differently by a proxy. Beast 1.81 accepts
// all of this.
bool is_unambiguous(const RequestHead& head) {
    const auto once = [&head](http::field name) { return head.count(name) <= 1; };
    const std::string_view length = head[http::field::content_length];
    const std::string_view coding = head[http::field::transfer_encoding];
    const bool has_coding = head.count(http::field::transfer_encoding) > 0;

    return head.count(http::field::host) == 1 && once(http::field::content_length) &&
           once(http::field::transfer_encoding) &&
           length.find_first_not_of("0123456789") == std::string_view::npos &&
           (!has_coding || (head.version() == 11 && beast::iequals(coding, "chunked"))) &&
           head.target().starts_with('/');
}

bool is_served(http::verb method) {
    switch (method) {
        case http::verb::get:
        case http::verb::head:
        case http::verb::post:
        case http::verb::put:
        case http::verb::patch:
        case http::verb::delete_:
        case http::verb::options:
            return true;
        default:
            return false;
    }
}

}  // namespace

std::optional<HttpResponse> objection_to(const RequestHead& head) {
    if (std::distance(head.begin(), head.end()) > fields_max) {
        return problem(431, "too many header fields");
    }
    if (!is_unambiguous(head)) return problem(400, "the request is malformed");
    if (!is_served(head.method())) return problem(501, "this method is not served");
    return std::nullopt;
}

std::optional<HttpResponse> objection_to_upgrade(const RequestHead& head) {
    if (head[http::field::sec_websocket_version] != "13") {
        HttpResponse response = problem(426, "WebSocket version 13 is spoken here");
        response.fields.push_back({"Sec-WebSocket-Version", "13"});
        return response;
    }
    if (head.count(http::field::sec_websocket_key) != 1 ||
        head[http::field::sec_websocket_key].size() != websocket_key_size) {
        return problem(400, "Sec-WebSocket-Key is malformed");
    }
    if (head.count(http::field::content_length) + head.count(http::field::transfer_encoding) > 0) {
        return problem(400, "an upgrade has no body");
    }
    return std::nullopt;
}

const Subprotocol* choose_subprotocol(const RequestHead& head, std::span<const Subprotocol> ours) {
    const auto [first, last] = head.equal_range(http::field::sec_websocket_protocol);
    for (auto field = first; field != last; ++field) {
        for (const auto offered : http::token_list(field->value())) {
            const auto found = std::ranges::find(ours, offered, &Subprotocol::name);
            if (found != ours.end()) return &*found;
        }
    }
    return nullptr;
}

HttpRequest to_request(const RequestHead& head) {
    HttpRequest request;
    const std::string_view target = head.target();
    const std::size_t mark = target.find('?');
    request.method = head.method_string();
    request.path = target.substr(0, mark);
    if (mark != std::string_view::npos) request.query = target.substr(mark + 1);
    for (const auto& field : head) {
        request.fields.push_back({std::string(field.name_string()), std::string(field.value())});
    }
    return request;
}

boost::asio::ip::address forwarded_for(const RequestHead& head,
                                       const boost::asio::ip::address& proxy) {
    std::string_view last_hop;
    const auto [first, last] = head.equal_range("X-Forwarded-For");
    for (auto field = first; field != last; ++field)
        last_hop = field->value();
    if (const auto comma = last_hop.rfind(','); comma != std::string_view::npos) {
        last_hop.remove_prefix(comma + 1);
    }
    while (last_hop.starts_with(' '))
        last_hop.remove_prefix(1);
    boost::system::error_code ec;
    const auto address = boost::asio::ip::make_address(last_hop, ec);
    return ec ? proxy : address;
}

}  // namespace switchboard
