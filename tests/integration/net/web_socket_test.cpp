#include <gtest/gtest.h>

#include <fstream>

#include "integration/net/raw_client.hpp"
#include "integration/net/test_server.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using std::literals::string_literals::operator""s;

// Short deadlines, so that no test waits.
ListenerSettings impatient() {
    ListenerSettings settings = TestServer::generous();
    settings.web_socket.idle_timeout = 200ms;
    settings.web_socket.write_timeout = 200ms;
    settings.web_socket.close_timeout = 200ms;
    return settings;
}

struct WebSocketTest : testing::Test {
    RawClient connect(std::string_view subprotocol = "test.binary") {
        RawClient client(server.port());
        EXPECT_EQ(status_of(client.upgrade(subprotocol)), 101);
        return client;
    }

    TestServer server{TestServer::generous()};
};

TEST_F(WebSocketTest, EchoesBinaryMessagesOfEverySize) {
    RawClient client = connect();
    for (const std::size_t size : {0, 1, 125, 126, 200, 512, 513, 1'536, 5'000, 65'536, 131'072}) {
        const std::string message(size, static_cast<char>(size % 251));
        ASSERT_TRUE(client.send_binary(message));
        const auto answer = client.read_frame();
        ASSERT_TRUE(answer) << size;
        EXPECT_EQ(answer->opcode, 2);
        EXPECT_TRUE(answer->payload == message) << size;
    }
}

TEST_F(WebSocketTest, EchoesTextAndFragmentsAndPipelinedMessages) {
    RawClient client = connect("test.text");
    client.send(masked_frame("gr\xc3", {.opcode = 1, .fin = false}) +
                masked_frame("", {.opcode = 0, .fin = false}) + masked_frame("?", {.opcode = 9}) +
                masked_frame("\xbc\xc3\x9f", {.opcode = 0}) + masked_frame("two", {.opcode = 1}));
    const auto pong = client.read_frame();
    ASSERT_TRUE(pong);
    EXPECT_EQ(pong->opcode, 10);
    EXPECT_EQ(pong->payload, "?");
    const auto first = client.read_frame();
    ASSERT_TRUE(first);
    EXPECT_EQ(first->opcode, 1);
    EXPECT_EQ(first->payload, "gr\xc3\xbc\xc3\x9f");
    EXPECT_EQ(client.read_frame().value_or(RawFrame{}).payload, "two");
}

TEST_F(WebSocketTest, SendsAMessageOfFewOrManyPieces) {
    RawClient client = connect();
    client.send_binary("many");
    EXPECT_EQ(client.read_frame().value_or(RawFrame{}).payload, "abc");
    std::string forty;
    for (int i = 0; i < 40; ++i)
        forty += "ab";
    EXPECT_EQ(client.read_frame().value_or(RawFrame{}).payload, forty);
}

TEST_F(WebSocketTest, ClosesWithTheCodeItWasTold) {
    for (const int code : {1000, 1012, 4400, 4408, 4500}) {
        RawClient client = connect();
        client.send_binary("close " + std::to_string(code));
        EXPECT_EQ(client.read_close_code(), code);
        client.send_frame("\x03\xe8", {.opcode = 8});
        EXPECT_TRUE(client.sees_the_end());
    }
}

TEST_F(WebSocketTest, AnswersTheCloseOfThePeer) {
    RawClient client = connect();
    client.send_frame("\x03\xe9", {.opcode = 8});
    EXPECT_EQ(client.read_close_code(), 1001);
    EXPECT_TRUE(client.sees_the_end());
    EXPECT_TRUE(TestServer::reaches(server.stats().web_sockets, std::int64_t{0}));
}

TEST_F(WebSocketTest, AnExceptionEndsOneSocketOnly) {
    RawClient other = connect();
    RawClient client = connect();
    client.send_binary("throw");
    EXPECT_TRUE(client.sees_the_end());
    EXPECT_TRUE(TestServer::reaches(server.failures, 1));
    other.send_binary("still here");
    EXPECT_EQ(other.read_frame().value_or(RawFrame{}).payload, "still here");
}

struct IllegalCase {
    const char* name;
    std::string bytes;
    int code;
    bool text = false;
};

struct IllegalPeer : WebSocketTest, testing::WithParamInterface<IllegalCase> {};

TEST_P(IllegalPeer, IsClosedWithTheExactCode) {
    const IllegalCase& peer = GetParam();
    RawClient client = connect(peer.text ? "test.text" : "test.binary");
    client.send(peer.bytes);
    EXPECT_EQ(client.read_close_code(), peer.code);
    client.hang_up();
    EXPECT_TRUE(client.sees_the_end());
}

std::string times(int count, const std::string& bytes) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all += bytes;
    return all;
}

const IllegalCase illegal_cases[] = {
    {"Unmasked", masked_frame("x", {.masked = false}), 1002},
    {"Rsv1", masked_frame("x", {.reserved_bits = 4}), 1002},
    {"Rsv2", masked_frame("x", {.reserved_bits = 2}), 1002},
    {"Rsv3", masked_frame("x", {.reserved_bits = 1}), 1002},
    {"ReservedDataOpcode", masked_frame("x", {.opcode = 3}), 1002},
    {"ReservedControlOpcode", masked_frame("x", {.opcode = 11}), 1002},
    {"FragmentedPing", masked_frame("x", {.opcode = 9, .fin = false}), 1002},
    {"PingOf126", masked_frame(std::string(126, 'x'), {.opcode = 9}), 1002},
    {"ContinuationOfNothing", masked_frame("x", {.opcode = 0}), 1002},
    {"MessageWithinAMessage", masked_frame("x", {.fin = false}) + masked_frame("y", {}), 1002},
    {"CloseOfOneByte", masked_frame("\x03", {.opcode = 8}), 1002},
    {"CloseCode999", masked_frame("\x03\xe7", {.opcode = 8}), 1002},
    {"CloseCode1005", masked_frame("\x03\xed", {.opcode = 8}), 1002},
    {"CloseReasonNotUtf8", masked_frame("\x03\xe8\xff", {.opcode = 8}), 1002},
    {"LengthNotMinimal16", "\x82\xfe\x00\x05"s + "\0\0\0\0hello"s, 1002},
    {"LengthNotMinimal64", "\x82\xff\0\0\0\0\0\0\x01\0"s + "\0\0\0\0"s, 1002},
    {"LengthWithTopBit", "\x82\xff\x80\0\0\0\0\0\0\x01"s + "\0\0\0\0"s, 1009},
    {"LengthOf2To62", "\x82\xff\x40\0\0\0\0\0\0\0"s + "\0\0\0\0"s, 1009},
    {"OneByteTooBig", masked_frame(std::string(131'073, 'x'), {}), 1009},
    {"TextIsNotBinary", masked_frame("x", {.opcode = 1}), 1007},
    {"BinaryIsNotText", masked_frame("x", {.opcode = 2}), 1007, true},
    {"TextNotUtf8", masked_frame("\xff", {.opcode = 1}), 1007, true},
    {"TextWithSurrogate", masked_frame("\xed\xa0\x80", {.opcode = 1}), 1007, true},
    {"TextCutInACharacter", masked_frame("gr\xc3", {.opcode = 1}), 1007, true},
    {"SixtyFiveFragments",
     masked_frame("x", {.fin = false}) + times(64, masked_frame("", {.opcode = 0, .fin = false})),
     1008},
    {"FragmentFlood",
     masked_frame("", {.fin = false}) +
         times(100'000, masked_frame("", {.opcode = 0, .fin = false})),
     1008},
    {"PingFlood", times(10'000, masked_frame("", {.opcode = 9})), 1008},
    {"PongFlood", times(11, masked_frame("", {.opcode = 10})), 1008},
};

INSTANTIATE_TEST_SUITE_P(Shapes,
                         IllegalPeer,
                         testing::ValuesIn(illegal_cases),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST_F(WebSocketTest, TakesSixtyFourFragmentsAndTenPings) {
    RawClient client = connect();
    client.send(masked_frame("x", {.fin = false}) +
                times(62, masked_frame("x", {.opcode = 0, .fin = false})) +
                times(10, masked_frame("", {.opcode = 9})) + masked_frame("x", {.opcode = 0}));
    for (int i = 0; i < 10; ++i)
        EXPECT_EQ(client.read_frame().value_or(RawFrame{}).opcode, 10);
    EXPECT_EQ(client.read_frame().value_or(RawFrame{}).payload, std::string(64, 'x'));
}

// The guard sees bytes as they come, so a header may be cut anywhere.
TEST_F(WebSocketTest, FindsTheForbiddenFrameWhereverTheBytesAreCut) {
    const std::string bytes =
        masked_frame(std::string(300, 'x'), {}) + masked_frame("no", {.opcode = 1});
    for (const std::size_t cut : {1, 2, 3, 4, 7, 8, 307, 308, 309, 310, 314}) {
        RawClient client = connect();
        client.send(bytes.substr(0, cut));
        client.send(bytes.substr(cut));
        EXPECT_EQ(client.read_close_code(), 1007) << cut;
    }
}

// Kilobytes of memory this process has mapped.
long mapped_kilobytes() {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmData:")) return std::stol(line.substr(7));
    }
    return 0;
}

TEST_F(WebSocketTest, ReservesNothingForASizeThatIsOnlyDeclared) {
    const std::string declares_16_mib = "\x82\xff\0\0\0\0\x01\0\0\0\x11\x22\x33\x44x"s;
    const std::string declares_128_kib = "\x82\xff\0\0\0\0\0\x02\0\0\x11\x22\x33\x44x"s;
    RawClient too_big = connect();
    too_big.send(declares_16_mib);
    EXPECT_EQ(too_big.read_close_code(), 1009);

    const long before = mapped_kilobytes();
    std::vector<RawClient> clients;
    for (int i = 0; i < 200; ++i) {
        clients.push_back(connect());
        clients.back().send(declares_128_kib);
    }
    EXPECT_LT(mapped_kilobytes() - before, 200 * 128);
}

struct ImpatientTest : testing::Test {
    TestServer server{impatient()};
};

TEST_F(ImpatientTest, S5_PingsASilentPeerAndCutsItWhenItDoesNotAnswer) {
    RawClient client(server.port());
    ASSERT_EQ(status_of(client.upgrade("test.binary")), 101);
    EXPECT_EQ(client.read_frame().value_or(RawFrame{}).opcode, 9);
    EXPECT_FALSE(client.read_frame());
    EXPECT_EQ(server.stats().stalled_peers, 1U);
}

TEST_F(ImpatientTest, KeepsAPeerThatAnswersPings) {
    RawClient client(server.port());
    ASSERT_EQ(status_of(client.upgrade("test.binary")), 101);
    for (int i = 0; i < 5; ++i) {
        ASSERT_EQ(client.read_frame().value_or(RawFrame{}).opcode, 9);
        client.send_frame("", {.opcode = 10});
    }
    client.send_binary("still here");
    EXPECT_EQ(client.read_frame().value_or(RawFrame{}).payload, "still here");
}

TEST_F(ImpatientTest, CutsAPeerThatDoesNotRead) {
    RawClient client(server.port(), 4 << 10);
    ASSERT_EQ(status_of(client.upgrade("test.binary")), 101);
    client.send_binary("flood");
    EXPECT_TRUE(TestServer::reaches(server.stats().stalled_peers, std::uint64_t{1}));
    EXPECT_TRUE(TestServer::reaches(server.stats().web_sockets, std::int64_t{0}));
}

TEST_F(ImpatientTest, DoesNotWaitForeverForTheAnswerToAClose) {
    RawClient client(server.port());
    ASSERT_EQ(status_of(client.upgrade("test.binary")), 101);
    client.send_binary("close 4408");
    EXPECT_EQ(client.read_close_code(), 4408);
    EXPECT_TRUE(TestServer::reaches(server.stats().web_sockets, std::int64_t{0}));
}

TEST_F(ImpatientTest, DoesNotWaitForeverForAnIllegalPeerToHangUp) {
    RawClient client(server.port());
    ASSERT_EQ(status_of(client.upgrade("test.binary")), 101);
    client.send_text("not binary");
    EXPECT_EQ(client.read_close_code(), 1007);
    EXPECT_TRUE(TestServer::reaches(server.stats().web_sockets, std::int64_t{0}));
    EXPECT_EQ(server.stats().illegal_peers, 1U);
}

}  // namespace
}  // namespace switchboard
