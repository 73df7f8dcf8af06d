// Lives through a stretch of misfortune at the write path: several owner processes over the same
// tenants, killed, paused and cut off, over a PostgreSQL whose backends and postmaster are killed,
// with fsync on. Fails when a promise is broken, and when a rare path was not taken.
//
//     sql_chaos [--seconds N] [--seed N]     also SWITCHBOARD_CHAOS_SECONDS; 20 unless set
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sys/prctl.h>
#include <thread>
#include <unistd.h>

#include "chaos/chaos_counters.hpp"
#include "chaos/chaos_owner.hpp"
#include "chaos/sql_checks.hpp"
#include "chaos/sql_nemesis.hpp"
#include "domain/text.hpp"

namespace switchboard {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr int tenants = 10, owners = 4;

struct MustHappen {
    const char* name;
    std::atomic<std::uint64_t> ChaosCounters::*counter;
    const char* by;  // the strike that brings it about; nullptr: whatever happens
};
constexpr MustHappen must_happen[] = {
    {"in doubt, was stored", &ChaosCounters::in_doubt_was_stored, "connections cut"},
    {"in doubt, was not", &ChaosCounters::in_doubt_was_not, "requests held, then cut"},
    {"in doubt, was fenced", &ChaosCounters::in_doubt_was_fenced, "requests held, lease lost"},
    {"fenced", &ChaosCounters::fenced, "owners paused"},
    {"locked", &ChaosCounters::locked, "tenants locked"},
    {"duplicate", &ChaosCounters::duplicate, nullptr},
    {"poison refused", &ChaosCounters::refused, nullptr},
    {"statement split", &ChaosCounters::split, nullptr},
    {"above a limit refused", &ChaosCounters::over_limit, nullptr},
    {"second agent refused", &ChaosCounters::second_agent, nullptr},
    {"taken over", &ChaosCounters::takeover, "owners killed"},
    {"taken again by itself", &ChaosCounters::self_retake, nullptr},
    {"released", &ChaosCounters::released, nullptr},
    {"enlisted again", &ChaosCounters::enlisted_again, "owners paused"},
    {"cut for want of an answer", &ChaosCounters::cut, "answers withheld"},
};

void add_tenants(const std::string& database) {
    pqxx::connection connection(database);
    pqxx::work work(connection);
    work.exec(
        "INSERT INTO tenant (tenant_id, public_id, name, tenant_key)"
        " SELECT i, gen_random_uuid(), 'a tenant', 'tenant-' || i"
        " FROM generate_series(1, " +
        std::to_string(tenants) + ") i");
    work.exec(
        "INSERT INTO agent_channel (tenant_id, agent_id, channel, slots_max, slots_hard_max)"
        " SELECT tenant_id, agent, 1, 2, 2 FROM tenant, generate_series(1, " +
        std::to_string(chaos_agents) + ") agent");
    work.commit();
}

class Run {
public:
    Run(int seconds, std::uint64_t seed) : seconds_(seconds), random_(seed) {
        cluster_ = std::make_unique<PostgresCluster>(PostgresCluster::Options{true, {}});
        database_ = fresh_database(cluster_->connection());
        folder_ = "/tmp/switchboard-chaos-" + std::to_string(getpid());
        std::filesystem::create_directories(folder_);
        counters_ = std::make_unique<SharedCounters>(folder_ + "/counters");
        add_tenants(database_);
        nemesis_ = std::make_unique<SqlNemesis>(*cluster_, database_, folder_, tenants);
    }
    ~Run() { std::filesystem::remove_all(folder_); }

    bool live() {
        nemesis_->start_owners(owners);
        const auto start = Clock::now();
        const auto planned = start + std::chrono::seconds(seconds_);
        const auto latest = planned + std::chrono::seconds(60 + 2 * seconds_);
        while (broken_.empty() &&
               (Clock::now() < planned || (!missing().empty() && Clock::now() < latest))) {
            strike(Clock::now() >= planned);
            look();
            std::this_thread::sleep_for(std::chrono::milliseconds(below(random_, 50)));
        }
        nemesis_->heal();
        await_progress();
        const int bad = nemesis_->stop_owners(30s);
        if (bad > 0) broken_.push_back("owners that did not end well: " + std::to_string(bad));

        const ChaosVerdict verdict = check_history(database_, folder_);
        broken_.insert(broken_.end(), verdict.broken.begin(), verdict.broken.end());
        check_server_log();
        for (const auto& name : missing())
            broken_.push_back("never happened: " + name);
        print(verdict, std::chrono::duration<double>(Clock::now() - start).count());
        return broken_.empty();
    }

private:
    std::vector<std::string> missing() const {
        std::vector<std::string> names;
        for (const MustHappen& wanted : must_happen)
            if (counters_->sum(wanted.counter) == 0) names.emplace_back(wanted.name);
        for (const char* strike : {"postmasters killed", "backends killed", "owners killed"})
            if (!nemesis_->strikes().contains(strike)) names.emplace_back(strike);
        return names;
    }

    // What has not happened by then is helped along.
    void strike(bool late) {
        for (const auto& name : late ? missing() : std::vector<std::string>()) {
            const auto* wanted = std::ranges::find(must_happen, name, &MustHappen::name);
            const char* by = wanted == std::end(must_happen) ? name.c_str() : wanted->by;
            if (by != nullptr) return nemesis_->strike(by, random_);
        }
        nemesis_->strike(random_);
    }

    // Between misfortunes; PostgreSQL may be down just then.
    void look() {
        try {
            const auto broken = broken_now(database_);
            ++looks_;
            broken_.insert(broken_.end(), broken.begin(), broken.end());
        } catch (const pqxx::failure&) {
        }
    }

    // Once everything is well again, every tenant must be written to.
    void await_progress() {
        const auto until = Clock::now() + 60s;
        std::vector<std::int64_t> before;
        do {
            const auto now = heads();
            if (before.empty()) before = now;
            std::size_t moved = 0;
            for (std::size_t i = 0; i < now.size(); ++i)
                moved += now[i] > before[i] ? 1U : 0U;
            if (moved == static_cast<std::size_t>(tenants)) return;
            std::this_thread::sleep_for(20ms);
        } while (Clock::now() < until);
        broken_.emplace_back("a tenant is written to by nobody");
    }

    // How far each tenant has come; empty while PostgreSQL recovers from the last misfortune.
    std::vector<std::int64_t> heads() const {
        std::vector<std::int64_t> positions;
        try {
            pqxx::connection connection(database_);
            pqxx::nontransaction session(connection);
            for (const auto& row :
                 session.exec("SELECT log_pos FROM tenant_owner ORDER BY tenant_id"))
                positions.push_back(row[0].as<std::int64_t>());
        } catch (const pqxx::failure&) {
            positions.clear();
        }
        return positions;
    }

    void check_server_log() {
        std::ifstream log(cluster_->log_path());
        int deadlocks = 0;
        for (std::string line; std::getline(log, line);)
            if (line.find("deadlock detected") != std::string::npos) ++deadlocks;
        if (deadlocks > 0) broken_.push_back("deadlocks: " + std::to_string(deadlocks));
    }

    void print(const ChaosVerdict& verdict, double seconds) {
        std::printf("lived through %.0f s:\n", seconds);
        for (const auto& [name, count] : nemesis_->strikes())
            std::printf("  %6d %s\n", count, name.c_str());
        std::printf("what the owners met:\n");
        for (const MustHappen& met : must_happen)
            std::printf("  %6llu %s\n",
                        static_cast<unsigned long long>(counters_->sum(met.counter)),
                        met.name);
        std::printf("%llu entries acknowledged, %llu stored, %llu positions, %d looks\n",
                    static_cast<unsigned long long>(verdict.acknowledged),
                    static_cast<unsigned long long>(verdict.stored),
                    static_cast<unsigned long long>(verdict.positions),
                    looks_);
        for (const auto& rule : broken_)
            std::printf("BROKEN %s\n", rule.c_str());
        std::printf("%s\n", broken_.empty() ? "every promise was kept" : "FAILED");
        std::fflush(stdout);
    }

    int seconds_;
    Random random_;
    std::unique_ptr<PostgresCluster> cluster_;
    std::string database_;
    std::string folder_;
    std::unique_ptr<SharedCounters> counters_;
    std::unique_ptr<SqlNemesis> nemesis_;
    std::vector<std::string> broken_;
    int looks_ = 0;
};

template <class Bits>
std::optional<Bits> to_bits(const char* text) {
    const auto bytes = parse_uuid(text);
    if (!bytes) return std::nullopt;
    return Bits{*bytes};
}

int be_owner(char** arguments) {
    OwnerOptions options;
    options.direct = arguments[0];
    options.proxied = arguments[1];
    options.folder = arguments[2];
    options.run = std::atoi(arguments[3]);
    options.tenants = std::atoi(arguments[4]);
    options.me = to_bits<Incarnation>(arguments[5]).value();
    options.predecessor = to_bits<Incarnation>(arguments[6]);
    return run_owner(options);
}

}  // namespace
}  // namespace switchboard

int main(int count, char** arguments) {
    if (count == 9 && std::strcmp(arguments[1], "--owner") == 0)
        return switchboard::be_owner(arguments + 2);

    int seconds = 20;
    std::uint64_t seed = static_cast<std::uint64_t>(getpid());
    if (const char* wanted = std::getenv("SWITCHBOARD_CHAOS_SECONDS")) seconds = std::atoi(wanted);
    for (int i = 1; i + 1 < count; i += 2) {
        if (std::strcmp(arguments[i], "--seconds") == 0) seconds = std::atoi(arguments[i + 1]);
        if (std::strcmp(arguments[i], "--seed") == 0)
            seed = static_cast<std::uint64_t>(std::atoll(arguments[i + 1]));
    }
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    return switchboard::Run(seconds, seed).live() ? 0 : 1;
}
