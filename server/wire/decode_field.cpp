#include "wire/decode_field.hpp"

#include <algorithm>
#include <limits>

#include "domain/text.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {

bool fits(const std::string& text, std::size_t bytes_max) {
    return text.size() <= bytes_max && is_storable_text(text);
}

bool is_message_text(const std::string& text) {
    return !text.empty() && fits(text, text_bytes_max);
}

bool is_link(std::string_view url) {
    if (url.size() > url_bytes_max) return false;
    const auto is_allowed = [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '<' && c != '>' && c != '\\';
    };
    if (!std::ranges::all_of(url, is_allowed)) return false;
    const auto colon = std::min(url.find(':'), url.size());
    std::string scheme(url.substr(0, colon));
    for (char& c : scheme)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (scheme != "http" && scheme != "https") return false;
    url.remove_prefix(colon);
    if (!url.starts_with("://")) return false;
    url.remove_prefix(3);
    const auto host = url.substr(0, url.find_first_of("/?#"));
    return !host.empty() && host.front() != ':' && host.find('@') == std::string_view::npos;
}

bool parse_id(const std::string& text, PublicId& id) {
    const auto bytes = parse_uuid(text);
    if (bytes) id.bytes = *bytes;
    return bytes && id;
}

bool parse_id(const std::string& text, ClientMessageId& id) {
    const auto bytes = parse_uuid(text);
    if (bytes) id.bytes = *bytes;
    return bytes && time_of(id).has_value();
}

bool parse_seq(std::uint32_t number, Seq& seq) {
    seq = static_cast<Seq>(number);
    return number <= static_cast<std::uint32_t>(std::numeric_limits<Seq>::max());
}

std::optional<Channel> to_channel(v1::Channel channel) {
    switch (channel) {
        case v1::CHANNEL_CHAT:
            return Channel::chat;
        case v1::CHANNEL_CALL:
            return Channel::call;
        case v1::CHANNEL_VIDEO:
            return Channel::video;
        case v1::CHANNEL_MESSAGING:
            return Channel::messaging;
        default:
            return std::nullopt;
    }
}

std::optional<Intent> to_intent(v1::Intent intent) {
    switch (intent) {
        case v1::INTENT_AVAILABLE:
            return Intent::available;
        case v1::INTENT_UNAVAILABLE:
            return Intent::unavailable;
        default:
            return std::nullopt;
    }
}

std::optional<Time> to_time(const google::protobuf::Timestamp& time) {
    constexpr std::int64_t first = -62'135'596'800;  // 0001-01-01, as the type's own limits are
    constexpr std::int64_t last = 253'402'300'799;   // 9999-12-31
    if (time.seconds() < first || time.seconds() > last) return std::nullopt;
    if (time.nanos() < 0 || time.nanos() > 999'999'999) return std::nullopt;
    return Time(std::chrono::seconds(time.seconds())) +
           std::chrono::microseconds(time.nanos() / 1'000);
}

}  // namespace switchboard
