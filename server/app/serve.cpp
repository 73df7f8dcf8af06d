#include "app/serve.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "admin/ops.hpp"
#include "app/logging.hpp"
#include "app/loop_watch.hpp"
#include "metrics/process_metrics.hpp"
#include "net/io_threads.hpp"
#include "net/listener.hpp"

namespace switchboard {

namespace {

std::size_t io_thread_count(const Config& config) {
    if (config.io_threads > 0) return static_cast<std::size_t>(config.io_threads);
    return std::max(1U, std::thread::hardware_concurrency());
}

// A port that is taken is the commonest reason not to start; say what to do about it.
std::unique_ptr<Listener> listen(IoThreads& threads,
                                 ListenerSettings settings,
                                 Handlers handlers,
                                 const std::string& section) {
    const std::uint16_t port = settings.port;
    try {
        return std::make_unique<Listener>(threads, std::move(settings), std::move(handlers));
    } catch (const boost::system::system_error& error) {
        throw std::runtime_error("cannot listen on port " + std::to_string(port) + ": " +
                                 error.code().message() + "; choose another with --" + section +
                                 ".port or in the configuration");
    }
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
          threads_(io_thread_count(config)) {
        process_.build_info.set(1);
        ListenerSettings ops;
        ops.address = config.ops_address;
        ops.port = config.ops_port;
        ops_ = listen(threads_, std::move(ops), ops_handlers(ops_view()), "ops");
    }

    void run() {
        threads_.start();
        is_ready_ = true;
        spdlog::info("serving; health and metrics on port {}", ops_->port());
        wait_for_signal();
        is_ready_ = false;
        spdlog::info("draining");
        ops_->stop();
        threads_.stop();
        threads_.join();
        spdlog::info("ended");
    }

private:
    OpsView ops_view() {
        OpsView view;
        view.is_ready = [this] { return is_ready_.load(); };
        view.metrics = [this] {
            sample();
            return render(registry_);
        };
        return view;
    }

    // What is kept elsewhere and only shown here.
    void sample() {
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
    std::atomic<bool> is_ready_ = false;
    IoThreads threads_;
    LoopWatch loop_watch_{threads_, process_.loop_lag};
    std::unique_ptr<Listener> ops_;
};

}  // namespace

void serve(const Config& config) { Server(config).run(); }

}  // namespace switchboard
