#include "auth/visitor_token.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "auth/auth_error.hpp"
#include "auth/base64url.hpp"
#include "auth/digest.hpp"
#include "auth/key_ring.hpp"

namespace switchboard {
namespace {

using std::chrono::seconds;

constexpr std::string_view version = "v1";

using Payload = std::array<std::uint8_t, 40>;

// Where each field of the payload begins.
constexpr std::size_t tenant_at = 0, visitor_at = 8, issued_at = 24, expires_at = 32;

// Before 1970 and after the year 4147 is no time of a token; so sums below cannot overflow.
constexpr std::int64_t seconds_max = std::int64_t{1} << 36;

void put(Payload& payload, std::size_t at, std::int64_t number) {
    const auto bits = static_cast<std::uint64_t>(number);
    for (std::size_t i = 0; i < 8; ++i)
        payload[at + i] = static_cast<std::uint8_t>(bits >> (56 - 8 * i));
}

std::int64_t number_at(const Payload& payload, std::size_t at) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < 8; ++i)
        bits = bits << 8 | payload[at + i];
    return static_cast<std::int64_t>(bits);
}

std::int64_t to_seconds(Time time) {
    return std::chrono::floor<seconds>(time).time_since_epoch().count();
}

std::optional<Time> time_at(const Payload& payload, std::size_t at) {
    const std::int64_t number = number_at(payload, at);
    if (number <= 0 || number > seconds_max) return std::nullopt;
    return Time(seconds(number));
}

// The four parts between the dots; `is_signed` is everything that the mac covers.
struct Parts {
    std::string_view kid;
    std::string_view payload;
    std::string_view mac;
    std::string_view is_signed;
};

std::optional<Parts> split(std::string_view text) {
    if (text.size() > VisitorToken::bytes_max) return std::nullopt;
    if (std::ranges::count(text, '.') != 3) return std::nullopt;
    const std::size_t first = text.find('.');
    const std::size_t second = text.find('.', first + 1);
    const std::size_t third = text.find('.', second + 1);
    if (text.substr(0, first) != version) return std::nullopt;
    return Parts{.kid = text.substr(first + 1, second - first - 1),
                 .payload = text.substr(second + 1, third - second - 1),
                 .mac = text.substr(third + 1),
                 .is_signed = text.substr(0, third)};
}

std::optional<VisitorToken> parse(std::string_view text) {
    Payload payload;
    if (!decode_base64url(text, payload)) return std::nullopt;
    const auto issued = time_at(payload, issued_at);
    const auto expires = time_at(payload, expires_at);
    if (!issued || !expires) return std::nullopt;

    VisitorToken token;
    token.tenant = TenantId{number_at(payload, tenant_at)};
    std::copy_n(
        payload.begin() + visitor_at, token.visitor.bytes.size(), token.visitor.bytes.begin());
    token.issued_at = *issued;
    token.expires_at = *expires;
    return token;
}

bool is_good(const VisitorToken& token, TenantId tenant, Time now) {
    return token.tenant == tenant && token.visitor && token.issued_at < token.expires_at &&
           token.expires_at - token.issued_at <= VisitorToken::life &&
           token.issued_at <= now + VisitorToken::skew &&
           now < token.expires_at + VisitorToken::skew;
}

}  // namespace

std::string mint_visitor_token(const KeyRing& keys,
                               TenantId tenant,
                               const PublicId& visitor,
                               Time now) {
    Payload payload{};
    put(payload, tenant_at, tenant.value);
    std::ranges::copy(visitor.bytes, payload.begin() + visitor_at);
    put(payload, issued_at, to_seconds(now));
    put(payload, expires_at, to_seconds(now + VisitorToken::life));

    const KeyRing::Key& key = keys.current();
    std::string text(version);
    text += '.';
    text += key.kid;
    text += '.';
    text += encode_base64url(payload);
    const Digest mac = hmac_sha256(key.secret, text);
    text += '.';
    text += encode_base64url(mac);
    return text;
}

Result<VisitorToken> verify_visitor_token(const KeyRing& keys,
                                          TenantId tenant,
                                          std::string_view text,
                                          Time now) {
    const auto parts = split(text);
    if (!parts) return AuthError::denied;
    const KeyRing::Key* key = keys.find(parts->kid);
    Digest mac;
    if (key == nullptr || !decode_base64url(parts->mac, mac)) return AuthError::denied;
    if (!are_equal(mac, hmac_sha256(key->secret, parts->is_signed))) return AuthError::denied;

    auto token = parse(parts->payload);
    if (!token || !is_good(*token, tenant, now)) return AuthError::denied;
    token->needs_new =
        key != &keys.current() || now - token->issued_at >= VisitorToken::renewed_after;
    return *token;
}

}  // namespace switchboard
