#include "admin/ops.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace switchboard {
namespace {

HttpResponse ask(const OpsView& view, const std::string& path, const std::string& method = "GET") {
    const Handlers handlers = ops_handlers(view);
    HttpRequest request;
    request.method = method;
    request.path = path;
    boost::asio::io_context io;
    auto answer = boost::asio::co_spawn(io, handlers.http(request), boost::asio::use_future);
    io.run();
    return answer.get();
}

OpsView view(bool is_ready) {
    OpsView view;
    view.is_ready = [is_ready] { return is_ready; };
    view.metrics = [] { return "switchboard_build_info 1\n"; };
    return view;
}

TEST(OpsPort, TellsAliveFromReady) {
    EXPECT_EQ(ask(view(false), "/healthz").status, 200);
    EXPECT_EQ(ask(view(false), "/readyz").status, 503);
    EXPECT_EQ(ask(view(true), "/readyz").status, 200);
}

TEST(OpsPort, ShowsTheMetricsAsText) {
    const HttpResponse response = ask(view(true), "/metrics");
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, "switchboard_build_info 1\n");
    EXPECT_TRUE(response.content_type.starts_with("text/plain; version=0.0.4"));
}

TEST(OpsPort, HasNothingElse) {
    EXPECT_EQ(ask(view(true), "/").status, 404);
    EXPECT_EQ(ask(view(true), "/metrics", "POST").status, 405);
}

}  // namespace
}  // namespace switchboard
