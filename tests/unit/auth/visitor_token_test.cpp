#include "auth/visitor_token.hpp"

#include <gtest/gtest.h>

#include "auth/auth_error.hpp"
#include "auth/base64url.hpp"
#include "auth/digest.hpp"
#include "auth/key_ring.hpp"
#include "auth/random.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr TenantId tenant{42};
const Time mint_time(1'800'000'000s);
const std::string secret(40, 's');
const std::string former_secret(40, 'f');

KeyRing ring() { return KeyRing::parse("new " + secret + "\nold " + former_secret).value(); }

PublicId visitor() {
    PublicId id;
    for (std::size_t i = 0; i < id.bytes.size(); ++i)
        id.bytes[i] = static_cast<std::uint8_t>(i + 1);
    return id;
}

std::string mint(Time now = mint_time) {
    return mint_visitor_token(ring(), tenant, visitor(), now);
}

Result<VisitorToken> verify(std::string_view text, Time now = mint_time) {
    return verify_visitor_token(ring(), tenant, text, now);
}

// What a payload says, for payloads that no mint makes.
struct Fields {
    std::int64_t tenant = 42;
    std::array<std::uint8_t, 16> visitor = switchboard::visitor().bytes;
    std::int64_t issued_at = 1'800'000'000;
    std::int64_t expires_at = 1'800'000'000 + 30 * 86'400;
};

std::vector<std::uint8_t> bytes_of(const Fields& fields) {
    std::vector<std::uint8_t> bytes;
    const auto put = [&](std::int64_t number) {
        for (int shift = 56; shift >= 0; shift -= 8)
            bytes.push_back(static_cast<std::uint8_t>(number >> shift));
    };
    put(fields.tenant);
    bytes.insert(bytes.end(), fields.visitor.begin(), fields.visitor.end());
    put(fields.issued_at);
    put(fields.expires_at);
    return bytes;
}

// A token with a right mac by `key` over whatever stands before it.
std::string sign(const std::string& text, const std::string& key = secret) {
    return text + "." + encode_base64url(hmac_sha256(key, text));
}

std::string sign(const Fields& fields) {
    return sign("v1.new." + encode_base64url(bytes_of(fields)));
}

std::string payload() { return encode_base64url(bytes_of({})); }

std::string upper(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::toupper(c));
    return text;
}

TEST(VisitorToken, BringsBackWhatItWasMintedWith) {
    const auto token = verify(mint(mint_time + 123us), mint_time + 1s);
    ASSERT_TRUE(token);
    EXPECT_EQ(token->tenant, tenant);
    EXPECT_EQ(token->visitor, visitor());
    EXPECT_EQ(token->issued_at, mint_time);
    EXPECT_EQ(token->expires_at, mint_time + VisitorToken::life);
    EXPECT_FALSE(token->needs_new);
}

TEST(VisitorToken, IsTheOneOfTheDocumentedShape) {
    EXPECT_EQ(mint(), sign(Fields{}));
    EXPECT_EQ(mint().size(), 2U + 1 + 3 + 1 + 54 + 1 + 43);
}

TEST(VisitorToken, IsGoodForThirtyDaysAndTheSkewOfTwoClocks) {
    const auto end = mint_time + VisitorToken::life + VisitorToken::skew;
    EXPECT_TRUE(verify(mint(), end - 1us));
    EXPECT_FALSE(verify(mint(), end));
    EXPECT_TRUE(verify(mint(), mint_time - VisitorToken::skew));
    EXPECT_FALSE(verify(mint(), mint_time - VisitorToken::skew - 1us));
}

TEST(VisitorToken, NeedsANewOneAfterADay) {
    EXPECT_FALSE(verify(mint(), mint_time + 24h - 1us)->needs_new);
    EXPECT_TRUE(verify(mint(), mint_time + 24h)->needs_new);
}

TEST(VisitorToken, SignedByAFormerKeyIsGoodButNeedsANewOne) {
    const auto old = verify(sign("v1.old." + payload(), former_secret));
    ASSERT_TRUE(old);
    EXPECT_TRUE(old->needs_new);
}

TEST(VisitorToken, ThatIsRenewedKeepsAVisitorWhoComesOftenEnoughForEver) {
    std::string text = mint();
    Time now = mint_time;
    for (int visit = 0; visit < 50; ++visit) {
        now += 29 * 24h;
        const auto token = verify(text, now);
        ASSERT_TRUE(token) << "visit " << visit;
        ASSERT_TRUE(token->needs_new);
        text = mint_visitor_token(ring(), token->tenant, token->visitor, now);
    }
}

TEST(VisitorToken, IsDeniedWithAnyBitFlipped) {
    const std::string good = mint();
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        std::string bad = good;
        bad[bit / 8] = static_cast<char>(bad[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(verify(bad)) << bit;
    }
}

TEST(VisitorToken, IsDeniedCutAnywhereAndWithAnyByteDoubled) {
    const std::string good = mint();
    for (std::size_t at = 0; at < good.size(); ++at) {
        EXPECT_FALSE(verify(good.substr(0, at))) << at;
        EXPECT_FALSE(verify(good.substr(at + 1))) << at;
        EXPECT_FALSE(verify(good.substr(0, at + 1) + good.substr(at))) << at;
    }
}

struct BadToken {
    std::string name;
    std::string text;
};

void PrintTo(const BadToken& token, std::ostream* out) { *out << token.name; }

std::string with(std::int64_t Fields::*field, std::int64_t value) {
    Fields fields;
    fields.*field = value;
    return sign(fields);
}

std::string without_visitor() {
    Fields fields;
    fields.visitor = {};
    return sign(fields);
}

std::string with_bytes(std::size_t length) {
    auto bytes = bytes_of({});
    bytes.resize(length);
    return sign("v1.new." + encode_base64url(bytes));
}

// Valid in form, each with one thing wrong; those with `sign` have a right mac.
std::vector<BadToken> bad_tokens() {
    const std::string good = mint();
    const std::string unsigned_part = good.substr(0, good.rfind('.'));
    const std::string mac = good.substr(good.rfind('.') + 1);
    const std::string start = "v1.new.";
    const std::int64_t now = 1'800'000'000;
    const std::int64_t int64_max = INT64_MAX;
    const std::string jwt_none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0.";
    const std::string jwt_hs256 = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0." + mac;
    return {
        {"Empty", ""},
        {"OnlyDots", "..."},
        {"NoMac", unsigned_part},
        {"EmptyMac", unsigned_part + "."},
        {"ZeroMac", unsigned_part + "." + std::string(43, 'A')},
        {"MacOfTheFormerKey",
         unsigned_part + "." + encode_base64url(hmac_sha256(former_secret, unsigned_part))},
        {"MacOfTheEmptyKey",
         unsigned_part + "." + encode_base64url(hmac_sha256("", unsigned_part))},
        {"MacOfTheKid", unsigned_part + "." + encode_base64url(hmac_sha256("new", unsigned_part))},
        {"MacOfThePayloadAlone",
         unsigned_part + "." + encode_base64url(hmac_sha256(secret, payload()))},
        {"PlainDigestAsMac", unsigned_part + "." + encode_base64url(sha256(unsigned_part))},
        {"MacPadded", good + "="},
        {"MacWithLooseBits", good.substr(0, good.size() - 1) + (good.back() == '9' ? "8" : "9")},
        {"MacInHalf", good.substr(0, good.size() - 21)},
        {"MacOfAnotherToken", unsigned_part + mint(mint_time + 1s).substr(unsigned_part.size())},
        {"TrailingNewLine", good + "\n"},
        {"TrailingNul", good + std::string(1, '\0')},
        {"TrailingDot", good + "."},
        {"ExtraPart", good + "." + mac},
        {"ExtraDotInPayload", sign(start + payload().substr(0, 20) + "." + payload().substr(20))},
        {"LeadingSpace", " " + good},
        {"OtherVersion", sign("v2.new." + payload())},
        {"NoVersion", sign(".new." + payload())},
        {"VersionInUpperCase", sign("V1.new." + payload())},
        {"UnknownKid", sign("v1.newer." + payload())},
        {"NoKid", sign("v1.." + payload())},
        {"KidInUpperCase", sign("v1.NEW." + payload())},
        {"KidAsPath", sign("v1.../../dev/null." + payload(), "")},
        {"KidAsSql", sign("v1.x' UNION SELECT 'aaa'--." + payload(), "aaa")},
        {"KidOfAnotherKey", sign("v1.old." + payload())},
        {"JwtAlgNone", jwt_none},
        {"JwtHs256", jwt_hs256},
        {"JwtAsPayload", sign(start + "eyJzdWIiOiIxIiwic3ViIjoiMiJ9")},
        {"AlgSwap", sign("none.new." + payload())},
        {"EmptyPayload", sign(start)},
        {"ShortPayload", with_bytes(39)},
        {"LongPayload", with_bytes(41)},
        {"PayloadTwice", sign(start + payload() + payload())},
        {"PayloadPadded", sign(start + payload() + "==")},
        {"PayloadInUpperCase", sign(start + upper(payload()))},
        {"PayloadOfStandardAlphabet", sign(start + std::string(54, '+'))},
        {"PayloadWithSpace", sign(start + payload().substr(0, 53) + " ")},
        {"PayloadWithLooseBits", sign(start + payload().substr(0, 53) + "B")},
        {"OtherTenant", with(&Fields::tenant, 43)},
        {"NoTenant", with(&Fields::tenant, 0)},
        {"NegativeTenant", with(&Fields::tenant, -42)},
        {"NoVisitor", without_visitor()},
        {"Expired", with(&Fields::expires_at, now - 60)},
        {"ExpiresBeforeItIsIssued", with(&Fields::expires_at, now - 1)},
        {"ExpiresWhenItIsIssued", with(&Fields::expires_at, now)},
        {"LivesTooLong", with(&Fields::expires_at, now + 30 * 86'400 + 1)},
        {"LivesForEver", with(&Fields::expires_at, int64_max)},
        {"NoExpiry", with(&Fields::expires_at, 0)},
        {"NegativeExpiry", with(&Fields::expires_at, -1)},
        {"IssuedInTheFuture", with(&Fields::issued_at, now + 61)},
        {"NeverIssued", with(&Fields::issued_at, 0)},
        {"IssuedBeforeTime", with(&Fields::issued_at, INT64_MIN)},
        {"IssuedAfterTime", with(&Fields::issued_at, int64_max)},
        {"TooBig", sign(start + std::string(4096, 'A'))},
        {"OneMegabyte", std::string(1 << 20, 'A')},
        {"OneMegabyteOfDots", std::string(1 << 20, '.')},
    };
}

class BadVisitorToken : public testing::TestWithParam<BadToken> {};

TEST_P(BadVisitorToken, IsDeniedLikeEveryOther) {
    const auto token = verify(GetParam().text);
    ASSERT_FALSE(token);
    EXPECT_EQ(token.error(), AuthError::denied);
}

INSTANTIATE_TEST_SUITE_P(Table,
                         BadVisitorToken,
                         testing::ValuesIn(bad_tokens()),
                         [](const auto& param) { return param.param.name; });

TEST(VisitorToken, OfThousandsOfVisitorsAreAllTheirOwn) {
    const KeyRing keys = ring();
    for (int i = 0; i < 2000; ++i) {
        const auto id = random_bits<PublicId>();
        const auto text = mint_visitor_token(keys, tenant, id, mint_time);
        const auto token = verify_visitor_token(keys, tenant, text, mint_time);
        ASSERT_TRUE(token);
        ASSERT_EQ(token->visitor, id);
        ASSERT_FALSE(verify_visitor_token(keys, TenantId{tenant.value + i + 1}, text, mint_time));
    }
}

}  // namespace
}  // namespace switchboard
