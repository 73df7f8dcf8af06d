// Feeds the decoder of visitor tokens: the input as it comes, and with a right mac put behind it,
// which is the only way past the comparison. What is accepted must be exactly what we would mint.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "auth/base64url.hpp"
#include "auth/digest.hpp"
#include "auth/key_ring.hpp"
#include "auth/visitor_token.hpp"

namespace switchboard {
namespace {

constexpr TenantId tenant{42};
const std::string secret(40, 's');
const Time noon(std::chrono::seconds(1'800'000'000));

void check(const KeyRing& keys, const std::string& text) {
    const auto token = verify_visitor_token(keys, tenant, text, noon);
    if (!token) return;
    const auto lives = token->expires_at - token->issued_at;
    if (token->tenant != tenant || !token->visitor || lives > VisitorToken::life) std::abort();
    if (lives != VisitorToken::life) return;
    const auto again = mint_visitor_token(keys, tenant, token->visitor, token->issued_at);
    if (again != text) std::abort();
}

}  // namespace
}  // namespace switchboard

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    static const auto keys = KeyRing::parse("k " + secret);
    const std::string text(reinterpret_cast<const char*>(data), size);
    check(*keys, text);
    check(*keys, text + "." + encode_base64url(hmac_sha256(secret, text)));

    const std::string payload = "v1.k." + encode_base64url({data, size});
    check(*keys, payload + "." + encode_base64url(hmac_sha256(secret, payload)));
    return 0;
}
