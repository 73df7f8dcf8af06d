#include <gtest/gtest.h>

#include <set>

#include "auth/auth_error.hpp"
#include "auth/base64url.hpp"
#include "auth/opaque_token.hpp"
#include "auth/random.hpp"

namespace switchboard {
namespace {

std::string hex(const Digest& digest) {
    std::string text;
    for (const std::uint8_t byte : digest) {
        text += "0123456789abcdef"[byte >> 4];
        text += "0123456789abcdef"[byte & 15];
    }
    return text;
}

TEST(Digest, IsTheOneOfThePublishedVectors) {
    // FIPS 180-2, B.1; RFC 4231, test case 2.
    EXPECT_EQ(hex(sha256("abc")),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Digest, DiffersByAnyBit) {
    const Digest one = sha256("one");
    EXPECT_TRUE(are_equal(one, one));
    for (std::size_t bit = 0; bit < 256; ++bit) {
        Digest other = one;
        other[bit / 8] = static_cast<std::uint8_t>(other[bit / 8] ^ 1U << bit % 8);
        EXPECT_FALSE(are_equal(one, other)) << bit;
    }
}

TEST(Base64url, DecodesWhatItEncodedAtEveryLength) {
    for (std::size_t length = 0; length < 70; ++length) {
        std::vector<std::uint8_t> bytes(length);
        fill_random(bytes);
        const std::string text = encode_base64url(bytes);
        std::vector<std::uint8_t> again(length);
        EXPECT_TRUE(decode_base64url(text, again)) << text;
        EXPECT_EQ(again, bytes);
    }
}

TEST(Base64url, RefusesWhatIsNotTheOneEncoding) {
    std::array<std::uint8_t, 1> one{};
    EXPECT_TRUE(decode_base64url("QQ", one));
    for (const std::string_view text :
         {"", "Q", "QQ==", "QQ=", "QQ\n", " QQ", "QR", "QUE", "+w", "/w", "Q.", "Q\xC3"}) {
        EXPECT_FALSE(decode_base64url(text, one)) << text;
    }
    EXPECT_FALSE(decode_base64url(std::string_view("QQ\0", 3), one));
}

TEST(Base64url, TakesSixtyFourBytesForDigitsAndNoOther) {
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t at = 0; at < 4; ++at) {
            std::string text = "AAAA";
            text[at] = static_cast<char>(byte);
            std::array<std::uint8_t, 3> bytes{};
            const bool is_digit = digits.find(text[at]) != std::string::npos;
            EXPECT_EQ(decode_base64url(text, bytes), is_digit) << byte << " at " << at;
        }
    }
}

TEST(RandomBits, AreNeverNoneAndNeverTheSame) {
    std::set<PublicId> seen;
    for (int i = 0; i < 1000; ++i) {
        const auto id = random_bits<PublicId>();
        EXPECT_TRUE(id);
        EXPECT_TRUE(seen.insert(id).second);
    }
}

TEST(OpaqueToken, IsKnownByTheDigestOfItsText) {
    const OpaqueToken token = mint_opaque_token();
    EXPECT_EQ(token.text.size(), 43U);
    EXPECT_EQ(digest_of_token(token.text), token.digest);
    EXPECT_NE(mint_opaque_token().text, token.text);
}

TEST(OpaqueToken, HasOneShape) {
    const std::string text = mint_opaque_token().text;
    for (const std::string& bad : {std::string(),
                                   text + "A",
                                   text.substr(1),
                                   text.substr(1) + "=",
                                   text.substr(1) + "\n",
                                   std::string(43, '+'),
                                   std::string(1 << 20, 'A')}) {
        EXPECT_EQ(digest_of_token(bad), std::nullopt) << bad.substr(0, 50);
    }
}

TEST(AuthError, BecomesARefusalThatTellsNothingMore) {
    EXPECT_EQ(to_refusal(AuthError::denied), Refusal::unauthorized);
    EXPECT_EQ(to_refusal(AuthError::busy), Refusal::rate_limited);
    EXPECT_EQ(to_refusal(AuthError::too_many_tries), Refusal::rate_limited);
    EXPECT_EQ(to_refusal(AuthError::unavailable), Refusal::unavailable);
    EXPECT_EQ(to_refusal(make_error_code(boost::system::errc::timed_out)), Refusal::unavailable);
}

}  // namespace
}  // namespace switchboard
