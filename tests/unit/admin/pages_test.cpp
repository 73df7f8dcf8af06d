#include "admin/pages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "admin/api.hpp"
#include "auth/password.hpp"
#include "support/await_result.hpp"
#include "support/memory_credential_store.hpp"

namespace switchboard {
namespace {

// Spellings with which servers were made to leave their folder, or to find a page twice.
constexpr const char* outside[] = {
    "",
    "//",
    "/.",
    "/..",
    "/index.html",
    "/client",
    "/client/",
    "/pages",
    "/pages/",
    "/pages/index.html",
    "/pages/agent.html",
    "/agent.html",
    "/agent/",
    "/Agent",
    "/client//connection.js",
    "/client/./connection.js",
    "/pages/../client/connection.js",
    "/client/../../etc/passwd",
    "/../../../../etc/passwd",
    "/..%2f..%2f..%2fetc%2fpasswd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/%252e%252e/etc/passwd",
    "/..%c0%af..%c0%afetc/passwd",
    "/..\\..\\etc\\passwd",
    "/....//....//etc/passwd",
    "/client/%63onnection.js",
    "/client/connection.js%00",
    "/client/connection.js%00.html",
    "/client/connection.js/",
    "/client/connection.js ",
    "/client/connection.js;a=b",
    "/client/Connection.js",
    "/CLIENT/connection.js",
    "/etc/passwd",
    "file:///etc/passwd",
    "http://localhost/",
    "/CMakeLists.txt",
    "/.git/config",
    "/web/pages/index.html",
    "/pages/.",
    "/pages/..",
    "*",
};

constexpr const char* documents[] = {"/", "/visitor", "/agent", "/manager"};

TEST(Pages, AreFoundByTheirExactPathAlone) {
    ASSERT_NE(find_page("/"), nullptr);
    for (const char* path : outside)
        EXPECT_EQ(find_page(path), nullptr) << path;
    EXPECT_EQ(find_page(std::string_view("/\0", 2)), nullptr);
}

TEST(Pages, HaveEachATypeAndAContent) {
    for (const Page& page : pages()) {
        EXPECT_FALSE(page.content.empty()) << page.path;
        EXPECT_EQ(find_page(page.path), &page);
        const bool is_document = std::ranges::find(documents, page.path) != std::end(documents);
        const bool is_part = page.path.starts_with("/client/") || page.path.starts_with("/pages/");
        EXPECT_TRUE(is_document || is_part) << page.path;
    }
    for (const auto* path : documents)
        EXPECT_EQ(find_page(path)->content_type, "text/html; charset=utf-8") << path;
}

TEST(Pages, LetABrowserRunOurScriptsAlone) {
    const auto response = to_response(*find_page("/"));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, find_page("/")->content);
    const auto has = [&](std::string_view name, std::string_view value) {
        for (const auto& field : response.fields)
            if (field.name == name) return field.value.find(value) != field.value.npos;
        return false;
    };
    for (const auto* rule : {"default-src 'self'", "script-src 'self'", "connect-src 'self'"})
        EXPECT_TRUE(has("Content-Security-Policy", rule)) << rule;
    EXPECT_FALSE(has("Content-Security-Policy", "unsafe"));
    EXPECT_TRUE(has("X-Content-Type-Options", "nosniff"));
    EXPECT_TRUE(has("Referrer-Policy", "no-referrer"));
}

// Nothing of a page could run under that policy if it were written into it.
TEST(Pages, HoldNoScriptsOrStylesInTheirText) {
    for (const auto* path : documents) {
        const std::string_view page = find_page(path)->content;
        for (const auto* inlined : {"<style", " style=", " onclick=", " onload=", "javascript:"})
            EXPECT_EQ(page.find(inlined), page.npos) << path << ' ' << inlined;
    }
}

class Site : public testing::Test {
protected:
    HttpResponse ask(const std::string& method, const std::string& path) {
        HttpRequest request;
        request.method = method;
        request.path = path;
        return await_result(api_.handle(std::move(request)));
    }

    static std::optional<std::string> allowed(const HttpResponse& response) {
        for (const auto& field : response.fields)
            if (field.name == "Allow") return field.value;
        return std::nullopt;
    }

    MemoryCredentialStore store_;
    PasswordHasher hasher_{{.memory_bytes = 8 << 10, .passes = 1, .waiting_max = 4}};
    LoginSessions logins_{store_, hasher_, {}};
    SocketTickets tickets_{{}};
    Api api_{{logins_, tickets_, [] { return Time(); }}};
};

TEST_F(Site, HasNothingBesideItsPagesAndRoutes) {
    EXPECT_EQ(ask("GET", "/").status, 200);
    for (const char* path : outside)
        EXPECT_EQ(ask("GET", path).status, 404) << path;
    for (const auto* path : {"/v1", "/v1/", "/v1/login/", "/v1/Login", "/v1/sessions"})
        EXPECT_EQ(ask("GET", path).status, 404) << path;
}

TEST_F(Site, TellsWhichMethodAPathHas) {
    for (const auto* path : {"/v1/login", "/v1/logout", "/v1/ticket"}) {
        for (const auto* method : {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
            const auto response = ask(method, path);
            EXPECT_EQ(response.status, 405) << method << ' ' << path;
            EXPECT_EQ(allowed(response), "POST");
        }
    }
    for (const auto* path : {"/", "/v1/session"}) {
        EXPECT_EQ(ask("POST", path).status, 405) << path;
        EXPECT_EQ(allowed(ask("POST", path)), "GET, HEAD");
    }
    EXPECT_EQ(ask("HEAD", "/").status, 200);
    EXPECT_EQ(ask("HEAD", "/v1/session").status, 401);
}

}  // namespace
}  // namespace switchboard
