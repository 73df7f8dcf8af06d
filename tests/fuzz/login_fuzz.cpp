// Feeds whom nobody knows to the routes of the login: the first line is the cookie, the rest the
// body. Nobody gets in, and every answer can be sent.
#include <boost/json.hpp>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "admin/login.hpp"
#include "auth/password.hpp"
#include "support/await_result.hpp"
#include "support/memory_credential_store.hpp"

namespace switchboard {
namespace {

struct House {
    static constexpr TryLimiter::Limits no_limit{.tries_max = 1'000'000'000, .keys_max = 100};

    MemoryCredentialStore store;
    PasswordHasher hasher{{.memory_bytes = 8 << 10, .passes = 1, .waiting_max = 4}};
    LoginSessions logins{store, hasher, {.account = no_limit, .network = no_limit}};
    SocketTickets tickets{{}};
    Login login{logins, tickets, [] { return Time(std::chrono::seconds(1'800'000'000)); }, {}};
};

using Route = boost::asio::awaitable<HttpResponse> (Login::*)(HttpRequest) const;

void check(const Login& login, Route route, HttpRequest request) {
    const bool is_logout = route == &Login::log_out;
    const auto response = await_result((login.*route)(std::move(request)));
    (void)to_head(response, true);  // throws when a field breaks out of its line
    if (is_logout && response.status == 204) return;
    if (response.status < 400 || response.status > 499) std::abort();
    if (!boost::json::parse(response.body).at("code").is_string()) std::abort();
}

}  // namespace
}  // namespace switchboard

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace switchboard;
    static const House house;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto line_end = std::min(text.find('\n'), text.size());
    HttpRequest request;
    request.method = "POST";
    request.remote_address = "192.0.2.1";
    request.fields = {{"Content-Type", "application/json"}, {"Cookie", text.substr(0, line_end)}};
    request.body = text.substr(std::min(line_end + 1, text.size()));
    for (const auto route : {&Login::log_in, &Login::log_out, &Login::issue_ticket})
        check(house.login, route, request);
    return 0;
}
