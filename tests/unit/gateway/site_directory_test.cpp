#include "gateway/site_directory.hpp"

#include <gtest/gtest.h>

#include "support/await_result.hpp"
#include "support/memory_site_store.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

// A store that can be cut off, and counts.
class FlakySites final : public SiteStore {
public:
    boost::asio::awaitable<Result<std::optional<SiteAddress>>> find_site(std::string key) override {
        ++asked;
        if (is_down) co_return make_error_code(boost::system::errc::timed_out);
        auto found = co_await sites.find_site(std::move(key));
        co_return found;
    }
    boost::asio::awaitable<Result<std::optional<TenantAddress>>> find_tenant(
        std::string key) override {
        ++asked;
        auto found = co_await sites.find_tenant(std::move(key));
        co_return found;
    }

    MemorySiteStore sites;
    bool is_down = false;
    int asked = 0;
};

struct SiteDirectoryTest : testing::Test {
    SiteDirectoryTest() {
        store.sites.put_site(
            "shop", {TenantId{1}, SiteId{5}, {"https://shop.example", "https://b.example:8443"}});
        store.sites.put_tenant("acme", {TenantId{1}, {"https://desk.example"}});
    }

    auto open(const DoorKey& key, std::vector<std::string> origins) {
        return await_result(directory.open(key, std::move(origins), now));
    }
    int status(const DoorKey& key, std::vector<std::string> origins) {
        const auto door = open(key, std::move(origins));
        return door ? 101 : door.error();
    }

    Time now{1h};
    FlakySites store;
    SiteDirectory directory{store, 10s};
    const DoorKey shop{true, "shop"};
    const DoorKey acme{false, "acme"};
};

TEST_F(SiteDirectoryTest, AnOriginMustBeOneOfTheConfiguredToTheLetter) {
    EXPECT_EQ(status(shop, {"https://shop.example"}), 101);
    EXPECT_EQ(status(shop, {"https://b.example:8443"}), 101);
    for (const auto* wrong : {"",
                              "null",
                              "http://shop.example",
                              "https://shop.example:443",
                              "https://shop.example/",
                              "https://evil.shop.example",
                              "https://shop.example.evil",
                              "HTTPS://shop.example",
                              "https://b.example"})
        EXPECT_EQ(status(shop, {wrong}), 403) << wrong;
    EXPECT_EQ(status(shop, {}), 403) << "missing";
    EXPECT_EQ(status(shop, {"https://shop.example", "https://shop.example"}), 403) << "twice";
}

TEST_F(SiteDirectoryTest, AgentsHaveADoorOfTheirOwn) {
    const auto door = open(acme, {"https://desk.example"});
    ASSERT_TRUE(door);
    EXPECT_TRUE(door->is_for_agents());
    EXPECT_EQ(door->tenant, TenantId{1});
    EXPECT_EQ(status(acme, {"https://shop.example"}), 403);
    EXPECT_EQ(status({true, "acme"}, {"https://desk.example"}), 404)
        << "a tenant's key is no site's";
}

TEST_F(SiteDirectoryTest, RemembersForAWhileAlsoWhatIsNotThere) {
    for (int i = 0; i < 3; ++i) {
        EXPECT_EQ(status(shop, {"https://shop.example"}), 101);
        EXPECT_EQ(status({true, "nobody"}, {"https://shop.example"}), 404);
    }
    EXPECT_EQ(store.asked, 2);
    now += 10s;
    status(shop, {"https://shop.example"});
    EXPECT_EQ(store.asked, 3);
}

TEST_F(SiteDirectoryTest, WithoutTheDatabaseWhatWasRightIsGoodEnough) {
    store.is_down = true;
    EXPECT_EQ(status(shop, {"https://shop.example"}), 503);
    store.is_down = false;
    EXPECT_EQ(status(shop, {"https://shop.example"}), 101);
    store.is_down = true;
    now += 1h;
    EXPECT_EQ(status(shop, {"https://shop.example"}), 101);
    EXPECT_EQ(status(shop, {"https://evil.example"}), 403);
}

TEST(ParseSocketPath, KnowsTheTwoPaths) {
    EXPECT_EQ(parse_socket_path("/v1/sites/a-B_9/socket"), (DoorKey{true, "a-B_9"}));
    EXPECT_EQ(parse_socket_path("/v1/tenants/acme/socket"), (DoorKey{false, "acme"}));
    const std::string long_key(101, 'k');
    for (const std::string wrong : {"",
                                    "/",
                                    "/v1/sites//socket",
                                    "/v1/sites/socket",
                                    "/v1/sites/a/b/socket",
                                    "/v1/sites/a%20b/socket",
                                    "/v1/sites/a/socket/",
                                    "/v2/sites/a/socket",
                                    "/v1/tenants/socket"})
        EXPECT_FALSE(parse_socket_path(wrong)) << wrong;
    EXPECT_FALSE(parse_socket_path("/v1/sites/" + long_key + "/socket"));
}

}  // namespace
}  // namespace switchboard
