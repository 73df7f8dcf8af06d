#include "chaos/sql_nemesis.hpp"

#include <csignal>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "chaos/chaos_counters.hpp"
#include "domain/text.hpp"

namespace switchboard {
using namespace std::chrono_literals;
namespace {

void pass(Random& random, int at_most_ms) {
    std::this_thread::sleep_for(std::chrono::milliseconds(below(random, at_most_ms)));
}

// True when it came to be so within the time.
template <class Condition>
bool came_true(const Condition& condition, std::chrono::milliseconds within) {
    const auto until = std::chrono::steady_clock::now() + within;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::sleep_for(10ms);
    }
    return true;
}

}  // namespace

SqlNemesis::SqlNemesis(PostgresCluster& cluster,
                       std::string database,
                       std::string folder,
                       int tenants)
    : cluster_(cluster),
      database_(std::move(database)),
      folder_(std::move(folder)),
      tenants_(tenants) {}

SqlNemesis::~SqlNemesis() {
    for (Owner& owner : owners_) {
        if (owner.process <= 0) continue;
        kill(owner.process, SIGKILL);
        waitpid(owner.process, nullptr, 0);
    }
}

void SqlNemesis::start_owners(int count) {
    for (int i = 0; i < count; ++i) {
        Owner& owner = owners_.emplace_back();
        owner.proxy = std::make_unique<ByteProxy>(database_);
        spawn(owner, false);
    }
}

void SqlNemesis::spawn(Owner& owner, bool names_predecessor) {
    const auto run = ++runs_;
    if (run >= static_cast<int>(owner_runs_max)) throw std::runtime_error("too many owner runs");
    const std::string predecessor = names_predecessor ? to_text(owner.incarnation) : "none";
    owner.incarnation = {};
    owner.incarnation.bytes[0] = 0xC0;
    owner.incarnation.bytes[14] = static_cast<std::uint8_t>(run >> 8);
    owner.incarnation.bytes[15] = static_cast<std::uint8_t>(run);

    std::vector<std::string> words{"sql_chaos",
                                   "--owner",
                                   database_,
                                   owner.proxy->connection(),
                                   folder_,
                                   std::to_string(run),
                                   std::to_string(tenants_),
                                   to_text(owner.incarnation),
                                   predecessor};
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    owner.process = fork();
    if (owner.process != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execv("/proc/self/exe", arguments.data());
    _exit(127);
}

// PostgreSQL may be down, or go down under it: then this misfortune is left out.
void SqlNemesis::query(const std::string& text) {
    try {
        pqxx::connection connection(database_);
        pqxx::nontransaction(connection).exec(text);
    } catch (const pqxx::failure&) {
    }
}

const std::vector<SqlNemesis::Strike>& SqlNemesis::all_strikes() {
    static const std::vector<Strike> all{
        {"owners killed", 5, &SqlNemesis::kill_owner},
        {"owners paused", 4, &SqlNemesis::pause_owner},
        {"postmasters killed", 1, &SqlNemesis::kill_postmaster},
        {"backends killed", 1, &SqlNemesis::kill_backend},
        {"backends terminated", 4, &SqlNemesis::end_backend},
        {"answers withheld", 2, &SqlNemesis::withhold_answers},
        {"cut while waiting for a lock", 5, &SqlNemesis::cut_behind_a_lock},
        {"requests held, then cut", 3, &SqlNemesis::hold_then_cut},
        {"requests held, lease lost", 2, &SqlNemesis::hold_past_the_lease},
        {"tenants locked", 4, &SqlNemesis::lock_a_tenant},
        {"connections cut", 9, &SqlNemesis::cut},
    };
    return all;
}

void SqlNemesis::deal(const Strike& strike, Random& random) {
    ++strikes_[strike.name];
    const auto whom = below(random, static_cast<int>(owners_.size()));
    (this->*strike.deal)(owners_[static_cast<std::size_t>(whom)], random);
}

void SqlNemesis::strike(Random& random) {
    int weights = 0;
    for (const Strike& each : all_strikes())
        weights += each.weight;
    int chosen = below(random, weights);
    for (const Strike& each : all_strikes())
        if ((chosen -= each.weight) < 0) return deal(each, random);
}

void SqlNemesis::strike(const std::string& name, Random& random) {
    for (const Strike& each : all_strikes())
        if (each.name == name) return deal(each, random);
    throw std::logic_error("no strike is called " + name);
}

void SqlNemesis::kill_owner(Owner& owner, Random& random) {
    kill(owner.process, SIGKILL);
    waitpid(owner.process, nullptr, 0);
    owner.proxy->deliver();
    pass(random, 300);
    // Without it the others wait for its lease to expire.
    spawn(owner, below(random, 4) != 0);
}

void SqlNemesis::expire_lease(const Owner& owner) {
    query("UPDATE node SET expires_at = '-infinity' WHERE incarnation = '" +
          to_text(owner.incarnation) + "'");
}

// It wakes as one whose lease expired meanwhile, with whatever it was about to send.
void SqlNemesis::pause_owner(Owner& owner, Random& random) {
    kill(owner.process, SIGSTOP);
    if (below(random, 4) != 0) expire_lease(owner);
    pass(random, 600);
    kill(owner.process, SIGCONT);
}

void SqlNemesis::cut(Owner& owner, Random& random) { owner.proxy->cut(below(random, 2) == 0); }

// What was held arrives late, after the repetition or before it.
void SqlNemesis::hold_then_cut(Owner& owner, Random& random) {
    owner.proxy->hold_requests();
    pass(random, 60);
    owner.proxy->cut(below(random, 2) == 0);
    pass(random, 60);
    owner.proxy->deliver();
}

// What was held is asked again only after others took the tenants.
void SqlNemesis::hold_past_the_lease(Owner& owner, Random& random) {
    owner.proxy->hold_requests();
    expire_lease(owner);
    pass(random, 300);
    owner.proxy->cut(below(random, 2) == 0);
    owner.proxy->deliver();
}

// Of one owner after the other, until one awaits an answer: some have no tenant just now.
void SqlNemesis::withhold_answers(Owner& first, Random&) {
    const auto start = static_cast<std::size_t>(&first - owners_.data());
    for (std::size_t i = 0; i < owners_.size(); ++i) {
        const auto& proxy = owners_[(start + i) % owners_.size()].proxy;
        if (!came_true([&] { return proxy->is_connected(); }, 500ms)) continue;
        const int before = proxy->ended();
        proxy->hold_answers();
        const bool awaited = came_true([&] { return proxy->is_holding(); }, 500ms);
        if (awaited) came_true([&] { return proxy->ended() != before; }, 3s);  // it gives up
        proxy->cut(false);
        proxy->deliver();
        if (awaited) return;
    }
}

void SqlNemesis::cut_behind_a_lock(Owner& owner, Random& random) {
    try {
        pqxx::connection connection(database_);
        pqxx::work work(connection);
        work.exec("SET LOCAL lock_timeout = 1000");
        work.exec("LOCK TABLE entry IN SHARE MODE");
        pass(random, 60);
        owner.proxy->hold_answers();
        owner.proxy->cut(false);
        pass(random, 60);
    } catch (const pqxx::failure&) {  // as in query()
    }
    owner.proxy->deliver();
}

void SqlNemesis::lock_a_tenant(Owner&, Random& random) {
    try {
        pqxx::connection connection(database_);
        pqxx::work work(connection);
        work.exec_params("SELECT FROM tenant_owner WHERE tenant_id = $1 FOR UPDATE",
                         1 + below(random, tenants_));
        pass(random, 500);  // longer than the lanes wait, now and then
    } catch (const pqxx::failure&) {
    }
}

void SqlNemesis::end_backend(Owner&, Random& random) {
    const char* which = below(random, 2) == 0 ? "state = 'active' AND " : "";
    query(std::string("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ") + which +
          "application_name LIKE 'c0%' ORDER BY random() LIMIT 1");
}

void SqlNemesis::kill_backend(Owner&, Random&) {
    try {
        pqxx::connection connection(database_);
        pqxx::nontransaction session(connection);
        const auto rows = session.exec(
            "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'c0%'"
            " ORDER BY random() LIMIT 1");
        for (const auto& row : rows)
            kill(row[0].as<pid_t>(), SIGKILL);
    } catch (const pqxx::failure&) {
    }
}

void SqlNemesis::kill_postmaster(Owner&, Random& random) {
    cluster_.kill_postmaster();
    pass(random, 200);
    cluster_.start();
}

void SqlNemesis::heal() {
    for (Owner& owner : owners_) {
        kill(owner.process, SIGCONT);
        owner.proxy->cut(false);
        owner.proxy->deliver();
    }
}

int SqlNemesis::stop_owners(std::chrono::seconds within) {
    for (Owner& owner : owners_)
        kill(owner.process, SIGTERM);
    const auto until = std::chrono::steady_clock::now() + within;
    int bad = 0;
    for (Owner& owner : owners_) {
        int status = 0;
        pid_t ended = 0;
        while ((ended = waitpid(owner.process, &status, WNOHANG)) == 0 &&
               std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(10ms);
        }
        if (ended == 0) {
            kill(owner.process, SIGKILL);
            waitpid(owner.process, nullptr, 0);
        }
        if (ended != owner.process || !WIFEXITED(status) || WEXITSTATUS(status) != 0) ++bad;
        owner.process = -1;
    }
    return bad;
}

}  // namespace switchboard
