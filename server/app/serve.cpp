#include "app/serve.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>

#include "admin/ops.hpp"
#include "app/listen.hpp"
#include "app/logging.hpp"
#include "app/loop_watch.hpp"
#include "app/node.hpp"
#include "metrics/process_metrics.hpp"
#include "net/io_threads.hpp"
#include "net/listener.hpp"

namespace switchboard {

namespace {

std::size_t io_thread_count(const Config& config) {
    if (config.io_threads > 0) return static_cast<std::size_t>(config.io_threads);
    return std::max(1U, std::thread::hardware_concurrency());
}

std::size_t descriptors_in_use() {
    std::error_code error;
    std::filesystem::directory_iterator entries("/proc/self/fd", error);
    return static_cast<std::size_t>(std::distance(begin(entries), end(entries)));
}

// All objects of the process, in the order they need one another.
class Server {
public:
    explicit Server(const Config& config)
        : config_(config),
          logging_({config.log_level, config.log_format, config.node_name}),
          threads_(std::make_unique<IoThreads>(io_thread_count(config))),
          loop_watch_(*threads_, process_.loop_lag),
          node_(config, *threads_, loop_watch_, metrics_) {
        process_.build_info.set(1);
        ListenerSettings ops;
        ops.address = config.ops_address;
        ops.port = config.ops_port;
        ops_ = listen(*threads_, std::move(ops), ops_handlers(ops_view()), "ops");
    }

    void run() {
        threads_->start();
        spdlog::info(
            "serving on port {}; health and metrics on port {}", node_.port(), ops_->port());
        wait_for_signal();
        spdlog::info("draining");
        node_.drain(std::chrono::seconds(config_.drain_seconds));
        ops_->stop();
        threads_->stop();
        threads_->join();
        node_.close();
        ops_.reset();
        threads_.reset();
        spdlog::info("ended");
    }

private:
    OpsView ops_view() {
        OpsView view;
        view.is_ready = [this] { return node_.is_ready(); };
        view.metrics = [this] {
            const std::lock_guard one_at_a_time(sampling_);
            sample();
            return render(registry_);
        };
        return view;
    }

    // What is kept elsewhere and only shown here.
    void sample() {
        node_.sample();
        process_.log_overrun.follow(static_cast<double>(logging_.overrun()));
        process_.fds_used.set(static_cast<double>(descriptors_in_use()));
    }

    void wait_for_signal() {
        boost::asio::io_context main;
        boost::asio::signal_set signals(main, SIGINT, SIGTERM);
        signals.async_wait([](const error_code&, int) {});
        main.run();
        std::signal(SIGINT, end_at_once);
        std::signal(SIGTERM, end_at_once);
    }

    static void end_at_once(int) { std::_Exit(1); }

    const Config& config_;
    Logging logging_;
    Registry registry_;
    ProcessMetrics process_{registry_, SWITCHBOARD_VERSION};
    NodeMetrics metrics_{registry_};
    std::mutex sampling_;
    std::unique_ptr<IoThreads> threads_;
    LoopWatch loop_watch_;
    Node node_;
    std::unique_ptr<Listener> ops_;
};

}  // namespace

void serve(const Config& config) { Server(config).run(); }

}  // namespace switchboard
