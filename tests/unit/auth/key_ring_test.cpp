#include "auth/key_ring.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

namespace switchboard {
namespace {

const std::string secret_a(32, 'a');
const std::string secret_b(48, 'b');

error_code error_of(const std::string& text) {
    const auto ring = KeyRing::parse(text);
    return ring ? error_code() : ring.error();
}

TEST(KeyRing, SignsWithTheFirstKeyAndFindsEach) {
    const auto ring = KeyRing::parse("# new\n2026b " + secret_b + "\n\n2026a " + secret_a);
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->current().kid, "2026b");
    ASSERT_NE(ring->find("2026a"), nullptr);
    EXPECT_EQ(ring->find("2026a")->secret, secret_a);
    EXPECT_EQ(ring->find("2026b"), &ring->current());
    EXPECT_EQ(ring->find("2026"), nullptr);
    EXPECT_EQ(ring->find(""), nullptr);
}

TEST(KeyRing, RefusesASecretThatIsShortOrPublished) {
    EXPECT_EQ(error_of("k " + std::string(31, 'x')), KeyRingError::too_short);
    EXPECT_EQ(error_of("k " + std::string(KeyRing::example_secret)), KeyRingError::example);
    EXPECT_EQ(error_of("k " + std::string(32, 'x')), error_code());
}

TEST(KeyRing, RefusesWhatIsNotALineOfKidAndSecret) {
    std::string nine;
    for (int i = 0; i < 9; ++i)
        nine += "k" + std::to_string(i) + " " + secret_a + "\n";
    for (const std::string& text : {std::string(),
                                    std::string("# nothing\n\n"),
                                    secret_a,
                                    " " + secret_a,
                                    "k  " + secret_a,
                                    "k\t" + secret_a,
                                    "k " + secret_a + " ",
                                    "k " + secret_a + "\r\n",
                                    "k " + secret_a + std::string(1, '\0'),
                                    "K " + secret_a,
                                    "../k " + secret_a,
                                    "k.1 " + secret_a,
                                    std::string(17, 'k') + " " + secret_a,
                                    "k " + secret_a + "\nk " + secret_b,
                                    nine}) {
        EXPECT_EQ(error_of(text), KeyRingError::malformed) << text;
    }
}

class KeyRingFile : public testing::Test {
protected:
    KeyRingFile() {
        std::string name = testing::TempDir() + "keys_XXXXXX";
        folder_ = ::mkdtemp(name.data());
        file_ = folder_ / "keys";
    }
    ~KeyRingFile() override { std::filesystem::remove_all(folder_); }

    void write(const std::string& text, ::mode_t mode) {
        std::ofstream(file_) << text;
        ::chmod(file_.c_str(), mode);
    }

    error_code read_error() const {
        const auto ring = KeyRing::read(file_);
        return ring ? error_code() : ring.error();
    }

    std::filesystem::path folder_;
    std::filesystem::path file_;
};

TEST_F(KeyRingFile, IsReadWhenItIsClosedToOthers) {
    write("k " + secret_a + "\n", 0400);
    const auto ring = KeyRing::read(file_);
    ASSERT_TRUE(ring);
    EXPECT_EQ(ring->current().secret, secret_a);
    ::chmod(file_.c_str(), 0640);
    EXPECT_EQ(read_error(), error_code());
}

TEST_F(KeyRingFile, IsRefusedWhenAnybodyMayReadOrWriteIt) {
    write("k " + secret_a + "\n", 0600);
    for (const ::mode_t mode : {0604U, 0602U, 0644U, 0666U}) {
        ::chmod(file_.c_str(), mode);
        EXPECT_EQ(read_error(), KeyRingError::open_to_others) << mode;
    }
}

TEST_F(KeyRingFile, IsRefusedWhenItIsNotAFileOfDecentSize) {
    EXPECT_EQ(read_error(), KeyRingError::unreadable);
    ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
    EXPECT_EQ(read_error(), KeyRingError::unreadable);
    std::filesystem::remove(file_);
    write(std::string((64 << 10) + 1, '#'), 0600);
    EXPECT_EQ(read_error(), KeyRingError::unreadable);
    std::filesystem::remove(file_);
    std::filesystem::create_directory(file_);
    EXPECT_EQ(read_error(), KeyRingError::unreadable);
}

}  // namespace
}  // namespace switchboard
