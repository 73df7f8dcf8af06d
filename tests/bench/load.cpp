// Visitors and agents who talk, in great numbers, and what the servers take for it. Prints one
// "name value" a line. Exits 1 when anything was lost, doubled, out of order or altered.
#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>
#include <sys/prctl.h>
#include <unistd.h>

#include "bench/crowd.hpp"
#include "bench/idle.hpp"
#include "bench/usage.hpp"

namespace switchboard {
namespace {

struct Options {
    LoadSettings load;
    double seconds = 5;
    double warm_up_seconds = 1;
    pid_t server = 0;
    pid_t postgres = 0;  // the postmaster
    std::string database;
    std::size_t idle = 0;
};

// What has been used up to now, by all who take part.
struct Reading {
    explicit Reading(const Options& options)
        : server(options.server != 0 ? cpu_seconds(options.server) : 0),
          postgres(options.postgres != 0 ? cpu_seconds_with_children(options.postgres) : 0),
          client(cpu_seconds(::getpid())) {
        if (!options.database.empty()) wal = wal_counts(options.database);
        at = BenchClock::now();
    }

    double server;
    double postgres;
    double client;
    WalCounts wal;
    BenchClock::time_point at;
};

void print(const char* name, double value) { std::cout << name << ' ' << value << '\n'; }

// Of `times`, which it reorders; 0 when there are none.
double quantile(std::vector<float>& times, double part) {
    if (times.empty()) return 0;
    const auto index = static_cast<std::size_t>(part * static_cast<double>(times.size() - 1));
    const auto at = times.begin() + static_cast<std::ptrdiff_t>(index);
    std::nth_element(times.begin(), at, times.end());
    return *at;
}

void print_times(const std::string& name, std::vector<float>& times) {
    print((name + "_p50_us").c_str(), quantile(times, 0.5));
    print((name + "_p99_us").c_str(), quantile(times, 0.99));
    print((name + "_max_us").c_str(), quantile(times, 1));
}

void print_rates(const Reading& before, const Reading& after, std::size_t count) {
    const auto messages = static_cast<double>(std::max<std::size_t>(count, 1));
    const double seconds = std::chrono::duration<double>(after.at - before.at).count();
    const auto us_each = [&](double used) { return used * 1e6 / messages; };
    print("messages_per_s", static_cast<double>(count) / seconds);
    print("server_us", us_each(after.server - before.server));
    print("postgres_us", us_each(after.postgres - before.postgres));
    print("client_us", us_each(after.client - before.client));
    const auto syncs = static_cast<double>(after.wal.syncs - before.wal.syncs);
    print("wal_syncs_per_s", syncs / seconds);
    print("messages_per_sync", messages / std::max(syncs, 1.0));
    print("flush_ms", (after.wal.sync_ms - before.wal.sync_ms) / std::max(syncs, 1.0));
    print("wal_bytes", static_cast<double>(after.wal.bytes - before.wal.bytes) / messages);
}

int end(const Ledger& ledger) {
    for (const auto& fault : ledger.first_faults())
        std::cerr << "fault: " << fault << '\n';
    print("faults", static_cast<double>(ledger.faults()));
    return ledger.faults() == 0 ? 0 : 1;
}

int talk(const Options& options) {
    using std::chrono::duration_cast, std::chrono::nanoseconds;
    const auto time = [](double seconds) {
        return duration_cast<nanoseconds>(std::chrono::duration<double>(seconds));
    };
    Crowd crowd(options.load);
    crowd.assemble();
    crowd.start();
    crowd.run_for(time(options.warm_up_seconds));

    Ledger& ledger = crowd.ledger();
    const Reading before(options);
    ledger.start_counting();
    crowd.run_for(time(options.seconds));
    ledger.stop_counting();
    const auto count = ledger.counted();
    const Reading after(options);

    crowd.finish();
    print_rates(before, after, count);
    print_times("acknowledged", ledger.acknowledged_after());
    print_times("received", ledger.received_after());
    print("messages", static_cast<double>(ledger.written()));
    return end(ledger);
}

void add_options(CLI::App& app, Options& options) {
    auto& load = options.load;
    app.add_option("--port", load.port, "Of the server, at 127.0.0.1");
    app.add_option("--pairs", load.pairs, "Of a visitor and an agent who talk");
    app.add_option("--in-flight", load.in_flight, "Messages of each pair without --rate");
    app.add_option("--rate", load.rate, "Messages a second in all; 0: as many as come through");
    app.add_option("--reports", load.reports_per_second, "Of each client, a second")
        ->check(CLI::PositiveNumber);
    app.add_option("--bytes", load.body_bytes, "Of each text");
    app.add_flag("--json", load.json, "The JSON subprotocol instead of the binary one");
    app.add_option("--site", load.site_key, "Key of the site");
    app.add_option("--tenant", load.tenant_key, "Key of the tenant");
    app.add_option("--origin", load.origin, "Of the pages");
    app.add_option("--seconds", options.seconds, "That count");
    app.add_option("--warm-up", options.warm_up_seconds, "Seconds before them");
    app.add_option("--server", options.server, "Process whose CPU is counted");
    app.add_option("--postgres", options.postgres, "Process whose CPU is counted, with children");
    app.add_option("--database", options.database, "Where the WAL is counted");
    app.add_option("--idle", options.idle, "Instead: so many visitors who do nothing");
}

int run(int argc, char** argv) {
    Options options;
    CLI::App app("A load for switchboard. Standard input: a ticket for each agent, one a line");
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    ::prctl(PR_SET_TIMERSLACK, 1000);  // ns; else each wait is 0.05 ms late
    if (options.idle > 0) {
        const Idleness idle = be_idle(options.load, options.idle, options.server);
        print("handshakes_per_s", idle.handshakes_per_s);
        print("idle_bytes", idle.bytes_each);
        print("faults", 0);
        return 0;
    }
    for (std::string ticket; std::getline(std::cin, ticket);)
        options.load.tickets.push_back(ticket);
    return talk(options);
}

}  // namespace
}  // namespace switchboard

int main(int argc, char** argv) {
    try {
        return switchboard::run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "load: " << error.what() << '\n';
        return 1;
    }
}
