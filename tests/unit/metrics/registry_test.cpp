#include "metrics/registry.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "metrics/cluster_metrics.hpp"
#include "metrics/commit_metrics.hpp"
#include "metrics/edge_metrics.hpp"
#include "metrics/process_metrics.hpp"
#include "metrics/queue_metrics.hpp"
#include "metrics/tenant_metrics.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

TEST(Metrics, AreRenderedWithThePrefixAndTheirLabels) {
    const Registry registry;
    CommitMetrics commit{registry};
    commit.fenced.add();
    commit.in_doubt.with("stored").add(2);

    const std::string text = render(registry);
    EXPECT_THAT(text, HasSubstr("switchboard_fenced_total 1\n"));
    EXPECT_THAT(text, HasSubstr("switchboard_in_doubt_total{outcome=\"stored\"} 2\n"));
}

TEST(Metrics, OfOneNameAndLabelsAreOne) {
    const Registry registry;
    EdgeMetrics one{registry};
    EdgeMetrics other{registry};
    one.visitor_sockets.add(2);
    other.visitor_sockets.add(-1);
    one.agent_sockets.set(5);

    const std::string text = render(registry);
    EXPECT_THAT(text, HasSubstr("switchboard_sockets{role=\"visitor\"} 1\n"));
    EXPECT_THAT(text, HasSubstr("switchboard_sockets{role=\"agent\"} 5\n"));
}

TEST(Metrics, CountDurationsInSeconds) {
    const Registry registry;
    ProcessMetrics process{registry, "1.2.3"};
    process.loop_lag.observe(250ms);
    EXPECT_THAT(render(registry), HasSubstr("switchboard_loop_lag_seconds_sum 0.25\n"));
}

TEST(CounterMetric, FollowsATotalThatIsKeptElsewhereAndNeverFalls) {
    const Registry registry;
    CounterMetric overrun = ProcessMetrics{registry, "1.2.3"}.log_overrun;
    overrun.follow(7);
    overrun.follow(3);
    EXPECT_THAT(render(registry), HasSubstr("switchboard_log_overrun_total 7\n"));
}

// All there are, with a child for each family.
std::string all_metrics() {
    const Registry registry;
    const CommitMetrics commit{registry};
    [[maybe_unused]] const TenantMetrics tenants{registry};
    [[maybe_unused]] const ClusterMetrics cluster{registry};
    const EdgeMetrics edge{registry};
    [[maybe_unused]] const QueueMetrics queues{registry};
    [[maybe_unused]] const ProcessMetrics process{registry, "1.2.3"};
    commit.in_doubt.with("stored");
    commit.poison_rows.with("22");
    edge.handshake_rejected.with("busy");
    edge.auth_failed.with("ticket");
    edge.rate_limited.with("visitor");
    return render(registry);
}

TEST(Metrics, AreFoundWellNamedByPrometheus) {
    if (std::system("command -v promtool >/dev/null") != 0) GTEST_SKIP() << "no promtool";
    const std::string text = all_metrics();
    FILE* promtool = popen("promtool check metrics >&2", "w");
    ASSERT_NE(promtool, nullptr);
    std::fwrite(text.data(), 1, text.size(), promtool);
    EXPECT_EQ(pclose(promtool), 0) << text;
}

TEST(Metrics, AreAllExplainedToOperators) {
    std::ifstream file(SWITCHBOARD_SOURCE "/docs/operations.md");
    const std::string document{std::istreambuf_iterator<char>(file), {}};
    std::istringstream lines(all_metrics());
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("# TYPE switchboard_")) continue;
        const std::string name = line.substr(19, line.rfind(' ') - 19);
        EXPECT_THAT(document, HasSubstr("| `" + name)) << "docs/operations.md, Metrics";
    }
}

}  // namespace
}  // namespace switchboard
