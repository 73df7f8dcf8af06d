#include <gtest/gtest.h>

#include "integration/net/raw_client.hpp"
#include "integration/net/test_server.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using std::literals::string_literals::operator""s;

std::string post(std::string_view body, std::string_view more_fields = "") {
    return "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n" + std::string(more_fields) + "\r\n" + std::string(body);
}

std::string body_of(const std::string& response) {
    const std::size_t end = response.find("\r\n\r\n");
    return end == std::string::npos ? "" : response.substr(end + 4);
}

constexpr std::string_view get_seen = "GET /seen?a=1&b HTTP/1.1\r\nHost: h\r\n\r\n";

struct HttpTest : testing::Test {
    TestServer server{TestServer::generous()};
};

TEST_F(HttpTest, AnswersRequestAfterRequestOnOneConnection) {
    RawClient client(server.port());
    for (const std::size_t size : {0, 1, 10'000, 1 << 20}) {
        const std::string body(size, 'b');
        client.send(post(body));
        const std::string response = client.read_response();
        EXPECT_EQ(status_of(response), 200);
        EXPECT_TRUE(body_of(response) == body) << size;
    }
    client.send(std::string(get_seen) + std::string(get_seen));
    EXPECT_EQ(body_of(client.read_response()), "GET /seen?a=1&b 127.0.0.1 ");
    EXPECT_EQ(body_of(client.read_response()), "GET /seen?a=1&b 127.0.0.1 ");
}

TEST_F(HttpTest, ReadsChunkedBodiesButTakesNoFieldsFromTrailers) {
    RawClient client(server.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    EXPECT_EQ(body_of(client.read_response()), "abcde");
    client.send(
        "POST /seen HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        "1\r\nx\r\n0\r\nAuthorization: Bearer stolen\r\n\r\n");
    EXPECT_EQ(body_of(client.read_response()), "POST /seen? 127.0.0.1 ");
}

TEST_F(HttpTest, InvitesABodyThatWaitsForIt) {
    RawClient client(server.port());
    client.send(
        "POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n"
        "Expect: 100-continue\r\n\r\n");
    EXPECT_EQ(status_of(client.read_response()), 100);
    client.send("ok");
    EXPECT_EQ(body_of(client.read_response()), "ok");
}

TEST_F(HttpTest, AnswersHeadWithoutABody) {
    RawClient client(server.port());
    client.send("HEAD /seen HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.send("") && client.sees_the_end());
}

TEST_F(HttpTest, AFailingHandlerIs500AndEndsItsConnectionOnly) {
    RawClient other(server.port());
    for (const std::string path : {"/throw", "/bad-field"}) {
        RawClient client(server.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n");
        EXPECT_EQ(status_of(client.read_response()), 500) << path;
        EXPECT_TRUE(client.sees_the_end());
    }
    EXPECT_EQ(server.failures, 2);
    other.send(get_seen);
    EXPECT_EQ(status_of(other.read_response()), 200);
}

TEST_F(HttpTest, ClosesAfterAnyClientError) {
    RawClient client(server.port());
    client.send("GET /missing HTTP/1.1\r\nHost: h\r\n\r\n" + std::string(get_seen));
    const std::string response = client.read_response();
    EXPECT_EQ(status_of(response), 404);
    EXPECT_NE(response.find("Connection: close"), std::string::npos);
    EXPECT_EQ(client.read_response(), "");
}

struct BadRequest {
    const char* name;
    std::string bytes;
    int status;
};

struct AmbiguousRequest : HttpTest, testing::WithParamInterface<BadRequest> {};

// Each is followed by a request that must not be answered: to a proxy it was part of a body.
TEST_P(AmbiguousRequest, IsRefusedAndNothingAfterItIsRead) {
    RawClient client(server.port());
    client.send(GetParam().bytes);
    client.send(get_seen);
    EXPECT_EQ(status_of(client.read_response()), GetParam().status);
    EXPECT_EQ(client.read_response(), "");
    EXPECT_EQ(server.stats().requests, 0U);
}

std::string with(const std::string& fields, const std::string& line = "POST /echo HTTP/1.1") {
    return line + "\r\nHost: h\r\n" + fields + "\r\n";
}

std::string many_fields(int count) {
    std::string fields;
    for (int i = 0; i < count; ++i)
        fields += "a:\r\n";
    return fields;
}

const std::string chunked = "Transfer-Encoding: chunked\r\n";
const std::string five = "Content-Length: 5\r\n";

const BadRequest bad_requests[] = {
    {"LengthThenChunked", with(five + chunked) + "0\r\n\r\n", 400},
    {"ChunkedThenLength", with(chunked + five) + "0\r\n\r\n", 400},
    {"TwoLengths", with("Content-Length: 4\r\n" + five) + "12345", 400},
    {"TwoEqualLengths", with(five + five) + "12345", 400},
    {"LengthList", with("Content-Length: 5, 5\r\n") + "12345", 400},
    {"LengthWithPlus", with("Content-Length: +5\r\n") + "12345", 400},
    {"LengthNegative", with("Content-Length: -5\r\n") + "12345", 400},
    {"LengthHex", with("Content-Length: 0x5\r\n") + "12345", 400},
    {"LengthEmpty", with("Content-Length:\r\n") + "12345", 400},
    {"LengthBeyond64Bits", with("Content-Length: 18446744073709551621\r\n") + "12345", 400},
    {"SpaceBeforeColon", with("Content-Length : 5\r\n") + "12345", 400},
    {"BareLf", "POST /echo HTTP/1.1\nHost: h\nContent-Length: 5\n\n12345", 400},
    {"NulInValue", with("X: a\0b\r\n"s), 400},
    {"NulInTarget", "GET /a\0b HTTP/1.1\r\nHost: h\r\n\r\n"s, 400},
    {"TwoCodings", with(chunked + chunked) + "0\r\n\r\n", 400},
    {"CodingGzip", with("Transfer-Encoding: gzip\r\n"), 400},
    {"CodingXchunked", with("Transfer-Encoding: xchunked\r\n"), 400},
    {"CodingChunkedGzip", with("Transfer-Encoding: chunked, gzip\r\n"), 400},
    {"CodingChunkedIdentity", with("Transfer-Encoding: chunked, identity\r\n"), 400},
    {"CodingGzipChunked", with("Transfer-Encoding: gzip, chunked\r\n") + "0\r\n\r\n", 400},
    {"ChunkedInHttp10", with(chunked, "POST /echo HTTP/1.0") + "0\r\n\r\n", 400},
    {"TwoHosts", with("Host: other\r\n"), 400},
    {"NoHost", "GET /seen HTTP/1.1\r\n\r\n", 400},
    {"AbsoluteForm", with("", "GET http://other/seen HTTP/1.1"), 400},
    {"AsteriskForm", with("", "OPTIONS * HTTP/1.1"), 400},
    {"Connect", with("", "CONNECT h:80 HTTP/1.1"), 400},
    {"Trace", with("", "TRACE /echo HTTP/1.1"), 501},
    {"UnknownMethod", with("", "SMUGGLE /echo HTTP/1.1"), 501},
    {"Http2Preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    {"SixtyFiveFields", with(many_fields(64)), 431},
    {"FifteenHundredFields", with(many_fields(1'500)), 431},
    {"HeaderOver8KiB", with("X: " + std::string(8 << 10, 'x') + "\r\n"), 431},
    {"BodyOver1MiB", with("Content-Length: 1048577\r\n"), 413},
    {"ChunkOver1MiB", with(chunked) + "100001\r\n", 413},
    {"ChunkSizeNotHex", with(chunked) + "xyz\r\nabc\r\n0\r\n\r\n", 400},
    {"ChunkExtensionsOf20KiB", with(chunked) + "1;" + std::string(20 << 10, 'e'), 400},
};

INSTANTIATE_TEST_SUITE_P(Shapes,
                         AmbiguousRequest,
                         testing::ValuesIn(bad_requests),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST_F(HttpTest, RefusesABodyThatIsMostlyFraming) {
    RawClient client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n");
    const std::string trailer = "X: " + std::string(1'000, 't') + "\r\n";
    for (int i = 0; i < 3'000 && client.send(trailer); ++i) {
    }
    const int status = status_of(client.read_response());
    EXPECT_TRUE(status == 413 || status == 400 || status == 0) << status;
    EXPECT_EQ(server.stats().requests, 0U);
}

TEST_F(HttpTest, UpgradesWithExactlyOneSubprotocolTheFirstThatIsOurs) {
    RawClient client(server.port());
    const std::string response = client.upgrade(
        "other, test.text, test.binary", "/site/7?v=1", "Origin: https://shop.example\r\n");
    EXPECT_EQ(status_of(response), 101);
    EXPECT_NE(response.find("Sec-WebSocket-Protocol: test.text\r\n"), std::string::npos);
    EXPECT_EQ(response.find("Sec-WebSocket-Extensions"), std::string::npos);
    EXPECT_EQ(server.last_upgrade(), "/site/7 v=1 https://shop.example test.text 127.0.0.1");
}

TEST_F(HttpTest, NeverNegotiatesCompression) {
    RawClient client(server.port());
    const std::string response =
        client.upgrade("test.text", "/", "Sec-WebSocket-Extensions: permessage-deflate\r\n");
    EXPECT_EQ(status_of(response), 101);
    EXPECT_EQ(response.find("Sec-WebSocket-Extensions"), std::string::npos);
    client.send_frame("x", {.opcode = 1, .reserved_bits = 4});
    EXPECT_EQ(client.read_close_code(), 1002);
}

TEST_F(HttpTest, RefusesAnUpgradeBeforeItHappens) {
    const struct {
        std::string_view subprotocols, path, fields;
        int status;
    } refusals[] = {
        {"test.binary", "/", "Origin: https://evil.example\r\n", 403},
        {"other, another", "/", "", 400},
        {"", "/", "", 400},
        {"test.binary", "/throw", "", 500},
        {"test.binary", "/", "Content-Length: 5\r\n", 400},
        {"test.binary", "/", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", 400},
    };
    for (const auto& each : refusals) {
        RawClient client(server.port());
        EXPECT_EQ(status_of(client.upgrade(each.subprotocols, each.path, each.fields)),
                  each.status);
        EXPECT_TRUE(client.sees_the_end());
    }
    EXPECT_EQ(server.stats().upgrades, 0U);
}

TEST_F(HttpTest, RefusesAnotherVersionOfWebSocketsAndAMissingKey) {
    const std::string head =
        "GET / HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    RawClient old(server.port());
    old.send(head + "Sec-WebSocket-Version: 8\r\n\r\n");
    EXPECT_EQ(status_of(old.read_response()), 426);
    RawClient keyless(server.port());
    keyless.send(head + "Sec-WebSocket-Version: 13\r\n\r\n");
    EXPECT_EQ(status_of(keyless.read_response()), 400);
}

TEST_F(HttpTest, FramesBehindAnUpgradeRequestAreNotForUs) {
    RawClient client(server.port());
    EXPECT_EQ(status_of(client.upgrade("test.binary", "/", "\r\nsmuggled bytes")), 400);
}

struct SlowHttpTest : testing::Test {
    static ListenerSettings impatient() {
        ListenerSettings settings = TestServer::generous();
        settings.http.header_timeout = 200ms;
        settings.http.body_timeout = 200ms;
        settings.http.write_timeout = 200ms;
        settings.http.silent_timeout = 200ms;
        return settings;
    }

    TestServer server{impatient()};
};

TEST_F(SlowHttpTest, GivesUpOnSlowHeadersBodiesAndSilence) {
    for (const std::string& start : {""s, "GET /seen HT"s, with(five) + "12"}) {
        RawClient client(server.port());
        client.send(start);
        EXPECT_TRUE(client.sees_the_end());
    }
    RawClient silent(server.port());
    silent.send(get_seen);
    EXPECT_EQ(status_of(silent.read_response()), 200);
    EXPECT_TRUE(silent.sees_the_end());
    EXPECT_TRUE(TestServer::reaches(server.stats().connections, std::int64_t{0}));
}

TEST_F(SlowHttpTest, GivesUpOnAResponseThatIsNotRead) {
    RawClient client(server.port(), 4 << 10);
    const std::string body(1 << 20, 'b');
    for (int i = 0; i < 16 && client.send(post(body)); ++i) {
    }
    EXPECT_TRUE(TestServer::reaches(server.stats().connections, std::int64_t{0}));
}

}  // namespace
}  // namespace switchboard
