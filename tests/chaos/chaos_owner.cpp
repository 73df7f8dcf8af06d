#include "chaos/chaos_owner.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <exception>
#include <fcntl.h>
#include <thread>
#include <unistd.h>

#include "chaos/chaos_counters.hpp"
#include "chaos/chaos_tenant.hpp"
#include "domain/text.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/owner_table.hpp"
#include "postgres/tenant_log.hpp"

namespace switchboard {
namespace asio = boost::asio;
using namespace std::chrono_literals;
namespace {

constexpr int tenants_max = 4;  // of one owner, so that all of them have some

class Owner {
public:
    explicit Owner(const OwnerOptions& options);
    int run();

private:
    asio::awaitable<void> own(TenantId id);
    asio::awaitable<bool> take(ChaosTenant& tenant);
    asio::awaitable<bool> write(ChaosTenant& tenant);
    asio::awaitable<void> pause(std::chrono::milliseconds time);

    void note(const std::string& lines);
    void note_limits(const Batch& batch);
    void note_stored(const Batch& batch);
    void copy_counters();
    void keep_lease(const std::stop_token& stop);

    Aim any_aim();

    OwnerOptions options_;
    SharedCounters shared_;
    ChaosCounters& counters_;
    int acks_;
    Random random_;
    std::int64_t message_;
    bool stopping_ = false;
    int owned_ = 0;
    asio::io_context loop_{1};
    ConnectionPool pool_;
    PostgresOwnerTable owners_;
    PostgresTenantLog log_;
};

PostgresTenantLog::Settings log_settings(const OwnerOptions& options) {
    PostgresTenantLog::Settings settings;
    settings.connection = options.proxied;
    settings.incarnation = options.me;
    settings.answer_within = 1000ms;
    return settings;
}

Owner::Owner(const OwnerOptions& options)
    : options_(options),
      shared_(options.folder + "/counters"),
      counters_(shared_.of(static_cast<std::size_t>(options.run))),
      acks_(open((options.folder + "/acks." + std::to_string(options.run)).c_str(),
                 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                 0600)),
      random_(static_cast<std::uint64_t>(options.run)),
      message_(std::int64_t{options.run} << 32),
      pool_({options.direct, 2, 100}),
      owners_(pool_, options.me),
      log_(log_settings(options)) {}

int Owner::run() {
    std::jthread lease([this](const std::stop_token& stop) { keep_lease(stop); });
    asio::signal_set signals(loop_, SIGTERM);
    signals.async_wait([this](const error_code&, int) { stopping_ = true; });
    int left = options_.tenants;
    const auto ended = [&](const std::exception_ptr& bug) {
        if (bug) std::rethrow_exception(bug);
        if (--left == 0) loop_.stop();
    };
    for (int id = 1; id <= options_.tenants; ++id)
        asio::co_spawn(loop_, own(TenantId{id}), ended);
    try {
        loop_.run();
    } catch (const std::exception& bug) {
        note("v " + std::string(bug.what()) + "\n");
        _exit(1);  // Coroutines are under way in what would be taken apart.
    }
    log_.stop();
    copy_counters();
    return 0;
}

// A lease that cannot be renewed is waited for, as long as it takes.
void Owner::keep_lease(const std::stop_token& stop) {
    PostgresLeaseTable lease(options_.direct, options_.me, "owner " + std::to_string(options_.run));
    bool enlisted = false;
    auto predecessor = options_.predecessor;
    while (!stop.stop_requested()) {
        if (!enlisted) {
            enlisted = lease.enlist(predecessor).has_value();
            if (enlisted) predecessor.reset();
        } else if (const auto renewed = lease.renew(); renewed && *renewed == Renewed::expired) {
            ++counters_.enlisted_again;
            enlisted = false;
            continue;
        }
        std::this_thread::sleep_for(enlisted ? 500ms : 20ms);
    }
}

asio::awaitable<void> Owner::pause(std::chrono::milliseconds time) {
    asio::steady_timer timer(loop_, time);
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> Owner::own(TenantId id) {
    ChaosTenant tenant(id);
    bool owned = false;
    while (!stopping_) {
        if (owned) {
            owned = co_await write(tenant);
            if (!owned) --owned_;
        } else {
            if (owned_ < tenants_max) {
                ++owned_;
                owned = co_await take(tenant);
                if (!owned) --owned_;
            }
            const auto time = std::chrono::milliseconds(5 + below(random_, 40));
            if (!owned) co_await pause(time);
        }
    }
    if (owned) (void)co_await owners_.release(id, tenant.epoch());  // else it expires
}

// Counts whose the tenant was. What was read of it before is only for that: it may change until it
// is taken.
asio::awaitable<bool> Owner::take(ChaosTenant& tenant) {
    std::string holder;
    auto look = [&](pqxx::connection& connection) {
        pqxx::nontransaction session(connection);
        holder = session
                     .exec_params1(
                         "SELECT coalesce(holder::text, '') FROM tenant_owner"
                         " WHERE tenant_id = $1",
                         tenant.id().value)[0]
                     .as<std::string>();
    };
    if (const auto looked = co_await pool_.run(look); !looked) co_return false;
    const auto taken = co_await owners_.take(tenant.id());
    if (!taken || !*taken) co_return false;
    if (holder == to_text(options_.me)) {
        ++counters_.self_retake;
    } else if (!holder.empty()) {
        ++counters_.takeover;
    }

    bool is_mine = false;
    auto rebuild = [&](pqxx::connection& connection) {
        is_mine = tenant.rebuild(connection, (*taken)->epoch, (*taken)->log_pos);
    };
    const auto rebuilt = co_await pool_.run(rebuild);
    if (!rebuilt && rebuilt.error() == PostgresError::failed) note("v a rebuild failed\n");
    co_return rebuilt.has_value() && is_mine;
}

Aim Owner::any_aim() {
    switch (below(random_, 60)) {
        case 0:
            return Aim::duplicate;
        case 1:
            return Aim::poison;
        case 2:
            return Aim::over_limit;
        case 3:
            return Aim::second_agent;
        default:
            return Aim::good;
    }
}

// True while the tenant may be written to again as it is known.
asio::awaitable<bool> Owner::write(ChaosTenant& tenant) {
    if (below(random_, 200) == 0) {
        ++counters_.released;
        (void)co_await owners_.release(tenant.id(), tenant.epoch());
        co_return false;
    }
    const auto time = std::chrono::milliseconds(below(random_, 10));
    co_await pause(time);

    Aim aim = any_aim();
    ChaosTenant then = tenant;
    const Batch batch = then.next(random_, aim, message_);
    note_limits(batch);
    const Commit commit = co_await log_.commit(batch);
    copy_counters();
    if (commit != Commit::stored) {
        if (commit == Commit::diverged && aim == Aim::over_limit) ++counters_.over_limit;
        if (commit == Commit::diverged && aim == Aim::second_agent) ++counters_.second_agent;
        const bool fenced = commit == Commit::fenced || commit == Commit::stopped;
        if (aim == Aim::good && !fenced)
            note("v a good batch came to " + std::to_string(static_cast<int>(commit)) + "\n");
        co_return false;
    }
    if (aim != Aim::good) {
        note("v a batch was stored with aim " + std::to_string(static_cast<int>(aim)) + "\n");
    }
    note_stored(batch);
    tenant = std::move(then);
    co_return true;
}

void Owner::note(const std::string& lines) {
    if (lines.empty()) return;
    if (::write(acks_, lines.data(), lines.size()) != static_cast<ssize_t>(lines.size())) abort();
}

void Owner::note_limits(const Batch& batch) {
    std::string lines;
    for (const Record& record : batch.records) {
        const auto* limits = std::get_if<LimitRecord>(&record);
        const auto* total = std::get_if<TotalLimitRecord>(&record);
        if (limits == nullptr && total == nullptr) continue;
        const Pos pos = limits != nullptr ? limits->pos : total->pos;
        lines += "l " + std::to_string(batch.tenant.value) + " " + std::to_string(pos) + "\n";
    }
    note(lines);
}

void Owner::note_stored(const Batch& batch) {
    std::string lines;
    for (const Record& record : batch.records) {
        const auto* entry = std::get_if<Entry>(&record);
        if (entry == nullptr) continue;
        lines += "e " + std::to_string(batch.tenant.value) + " " + std::to_string(entry->pos) +
                 " " + std::to_string(entry->seq) + " " + to_text(*entry->client_message_id) + "\n";
    }
    note(lines);
}

void Owner::copy_counters() {
    const CommitCounters& log = log_.counters();
    counters_.batches = log.batches.load();
    counters_.entries = log.entries.load();
    counters_.statements = log.statements.load();
    counters_.split = log.split.load();
    counters_.in_doubt_was_stored = log.in_doubt_was_stored.load();
    counters_.in_doubt_was_not = log.in_doubt_was_not.load();
    counters_.in_doubt_was_fenced = log.in_doubt_was_fenced.load();
    counters_.fenced = log.fenced.load();
    counters_.locked = log.locked.load();
    counters_.duplicate = log.duplicate.load();
    counters_.refused = log.refused.load();
    counters_.cut = log.cut.load();
}

}  // namespace

int run_owner(const OwnerOptions& options) { return Owner(options).run(); }

}  // namespace switchboard
