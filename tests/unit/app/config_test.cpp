#include "app/config.hpp"

#include <CLI/CLI.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace switchboard {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class ConfigTest : public testing::Test {
protected:
    ConfigTest() { std::filesystem::create_directory(folder_); }

    ~ConfigTest() override {
        for (const char* name : {"SWITCHBOARD_CONFIG",
                                 "SWITCHBOARD_HTTP_PORT",
                                 "SWITCHBOARD_HTTP_TRUSTED_PROXIES",
                                 "SWITCHBOARD_DATABASE_URL"})
            unsetenv(name);
        std::filesystem::remove_all(folder_);
    }

    std::string file(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name) << text;
        return folder_ / name;
    }

    // What the arguments say; "" when they are accepted, else why not.
    std::string parse(const std::string& arguments) {
        CLI::App app;
        config_ = {};
        add_settings(app, config_);
        try {
            app.parse(arguments);
            toml_ = to_toml(app);
            complete(config_);
            return "";
        } catch (const std::exception& error) {
            return error.what();
        }
    }

    const std::filesystem::path folder_ =
        std::filesystem::temp_directory_path() /
        ("config_test." +
         std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + "." +
         std::to_string(getpid()));
    Config config_;
    std::string toml_;
};

TEST_F(ConfigTest, O4_FlagBeatsEnvironmentBeatsFileBeatsDefault) {
    EXPECT_EQ(parse(""), "");
    EXPECT_EQ(config_.http_port, 8080);
    const std::string named = "--config " + file("a.toml", "[http]\nport = 9000\n");
    EXPECT_EQ(parse(named), "");
    EXPECT_EQ(config_.http_port, 9000);
    setenv("SWITCHBOARD_HTTP_PORT", "9100", 1);
    EXPECT_EQ(parse(named), "");
    EXPECT_EQ(config_.http_port, 9100);
    EXPECT_EQ(parse(named + " --http.port 7"), "");
    EXPECT_EQ(config_.http_port, 7);
}

TEST_F(ConfigTest, O4_ReadsListsFromAllThree) {
    EXPECT_EQ(parse("--config " + file("a.toml", "http.trusted_proxies = ['10.0.0.1', '::1']")),
              "");
    EXPECT_THAT(config_.trusted_proxies, ElementsAre("10.0.0.1", "::1"));
    setenv("SWITCHBOARD_HTTP_TRUSTED_PROXIES", "10.0.0.2,10.0.0.3", 1);
    EXPECT_EQ(parse(""), "");
    EXPECT_THAT(config_.trusted_proxies, ElementsAre("10.0.0.2", "10.0.0.3"));
    EXPECT_EQ(parse("--http.trusted_proxies 10.0.0.4"), "");
    EXPECT_THAT(config_.trusted_proxies, ElementsAre("10.0.0.4"));
}

TEST_F(ConfigTest, O4_NamesTheSettingThatIsWrong) {
    EXPECT_THAT(parse("--http.port 70000"), HasSubstr("--http.port"));
    EXPECT_THAT(parse("--http.address host"), HasSubstr("not an IP address"));
    EXPECT_THAT(parse("--log.level loud"), HasSubstr("--log.level"));
    EXPECT_THAT(parse("--http.port 81 --ops.port 81"), HasSubstr("both 81"));
    setenv("SWITCHBOARD_HTTP_PORT", "many", 1);
    EXPECT_THAT(parse(""), HasSubstr("http.port"));
}

TEST_F(ConfigTest, RefusesAFileThatIsMissingBrokenOrHasAnUnknownKey) {
    EXPECT_THAT(parse("--config /nowhere.toml"), HasSubstr("/nowhere.toml"));
    EXPECT_THAT(parse("--config " + file("a.toml", "[http\n")), HasSubstr("line 1"));
    EXPECT_THAT(parse("--config " + file("b.toml", "[http]\nprot = 1\n")), HasSubstr("http.prot"));
    setenv("SWITCHBOARD_CONFIG", "/nowhere.toml", 1);
    EXPECT_THAT(parse(""), HasSubstr("/nowhere.toml"));
}

TEST_F(ConfigTest, O4_TakesASecretFromAFileAndNeverPrintsIt) {
    const std::string secret = file("url", "host=db password=hunter2\n");
    EXPECT_EQ(parse("--database.url_file " + secret), "");
    EXPECT_EQ(config_.database_url, "host=db password=hunter2");
    EXPECT_THAT(parse("--database.url x --database.url_file " + secret), HasSubstr("choose one"));
    EXPECT_THAT(parse("--database.url_file /nowhere"), HasSubstr("database.url_file"));

    setenv("SWITCHBOARD_DATABASE_URL", "password=hunter2", 1);
    EXPECT_EQ(parse(""), "");
    EXPECT_THAT(toml_, Not(HasSubstr("hunter2")));
    EXPECT_THAT(toml_, HasSubstr("url = \"***\""));
}

TEST_F(ConfigTest, PrintsWhatWouldSetItAgain) {
    EXPECT_EQ(parse("--http.port 81 --http.trusted_proxies 10.0.0.1,10.0.0.2 --node.name a\\\"b"),
              "");
    const std::string printed = toml_;
    EXPECT_THAT(printed, HasSubstr("[http]\naddress = \"127.0.0.1\"\nport = 81\n"));
    EXPECT_EQ(parse("--config " + file("a.toml", printed)), "");
    EXPECT_EQ(toml_, printed);
    EXPECT_THAT(config_.trusted_proxies, ElementsAre("10.0.0.1", "10.0.0.2"));
}

TEST_F(ConfigTest, IsAllExplainedToOperators) {
    std::ifstream file(SWITCHBOARD_SOURCE "/docs/operations.md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    CLI::App app;
    add_settings(app, config_);
    for (const CLI::Option* option : app.get_options()) {
        const std::string name = option->get_single_name();
        if (name.find('.') == std::string::npos) continue;  // --help, --config
        EXPECT_THAT(document, HasSubstr("| `" + name + "` |")) << "docs/operations.md, Settings";
    }
}

}  // namespace
}  // namespace switchboard
