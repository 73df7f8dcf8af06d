#include "admin/ops.hpp"

#include <memory>
#include <utility>

namespace switchboard {

namespace {

HttpResponse plain(int status, std::string body) {
    HttpResponse response;
    response.status = status;
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    response.body = std::move(body);
    return response;
}

HttpResponse answer(const OpsView& view, const HttpRequest& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        HttpResponse response = problem(405, "Only GET and HEAD");
        response.fields.push_back({"Allow", "GET, HEAD"});
        return response;
    }
    if (request.path == "/healthz") return plain(200, "alive\n");
    if (request.path == "/readyz")
        return view.is_ready() ? plain(200, "ready\n") : plain(503, "not ready\n");
    if (request.path == "/metrics") return plain(200, view.metrics());
    return problem(404, "Not found");
}

boost::asio::awaitable<HttpResponse> respond(std::shared_ptr<const OpsView> view,
                                             HttpRequest request) {
    co_return answer(*view, request);
}

}  // namespace

Handlers ops_handlers(OpsView view) {
    Handlers handlers;
    handlers.http = [shared = std::make_shared<const OpsView>(std::move(view))](
                        HttpRequest request) { return respond(shared, std::move(request)); };
    return handlers;
}

}  // namespace switchboard
