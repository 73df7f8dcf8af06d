#pragma once

#include <string>
#include <string_view>

#include "domain/errors.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"

namespace switchboard {

class KeyRing;

// What an anonymous visitor proves who he is with: "v1.kid.payload.mac". The payload is base64url
// of 40 bytes, big endian: tenant (8), visitor (16), issued at and expires at (8 each, seconds
// since 1970); the mac is base64url of HMAC-SHA256 over everything before the last dot.
struct VisitorToken {
    static constexpr std::chrono::days life{30};
    static constexpr std::chrono::hours renewed_after{24};
    static constexpr std::chrono::seconds skew{60};  // the clocks of two nodes may differ so much
    static constexpr std::size_t bytes_max = 4096;

    TenantId tenant;
    PublicId visitor;
    Time issued_at;          // to the second
    Time expires_at;         // to the second
    bool needs_new = false;  // a day old, or signed by a former key: send the visitor a new one
};

// A token good for 30 days from `now`, signed by the current key. Whoever gives a new one for each
// that `needs_new` keeps a visitor recognised for 29 days or more after each visit.
std::string mint_visitor_token(const KeyRing& keys,
                               TenantId tenant,
                               const PublicId& visitor,
                               Time now);

// Reads a token that was minted for `tenant` and has not expired. Every failure is
// AuthError::denied; nothing of the payload is looked at before the mac is found right, and the
// time that the comparison takes does not depend on the mac. Any thread.
Result<VisitorToken> verify_visitor_token(const KeyRing& keys,
                                          TenantId tenant,
                                          std::string_view text,
                                          Time now);

}  // namespace switchboard
