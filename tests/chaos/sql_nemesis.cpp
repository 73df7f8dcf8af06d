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

template <class Condition>
void wait_a_while(const Condition& until) {
    for (int i = 0; i < 300 && !until(); ++i)
        std::this_thread::sleep_for(10ms);
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

void SqlNemesis::strike(Random& random) {
    Owner& owner =
        owners_[static_cast<std::size_t>(below(random, static_cast<int>(owners_.size())))];
    switch (below(random, 40)) {
        case 0:
        case 1:
        case 2:
        case 3:
        case 4:
            return kill_owner(owner, random);
        case 5:
        case 6:
        case 7:
        case 8:
            return pause_owner(owner, random);
        case 9:
            return kill_postmaster(random);
        case 10:
            return kill_backend();
        case 11:
        case 12:
        case 13:
        case 14:
            return end_backend(random);
        case 15:
        case 16:
            return withhold_answers(owner);
        case 17:
        case 18:
        case 19:
        case 20:
        case 21:
            return cut_behind_a_lock(owner, random);
        case 22:
        case 23:
        case 24:
            return hold_then_cut(owner, random);
        case 25:
        case 26:
            return hold_past_the_lease(owner, random);
        case 27:
        case 28:
        case 29:
        case 30:
            return lock_a_tenant(random);
        default:
            return cut(owner, random);
    }
}

void SqlNemesis::kill_owner(Owner& owner, Random& random) {
    ++strikes_["owners killed"];
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
    ++strikes_["owners paused"];
    kill(owner.process, SIGSTOP);
    if (below(random, 4) != 0) expire_lease(owner);
    pass(random, 600);
    kill(owner.process, SIGCONT);
}

void SqlNemesis::cut(Owner& owner, Random& random) {
    ++strikes_["connections cut"];
    owner.proxy->cut(below(random, 2) == 0);
}

// What was held arrives late, after the repetition or before it.
void SqlNemesis::hold_then_cut(Owner& owner, Random& random) {
    ++strikes_["requests held, then cut"];
    owner.proxy->hold_requests();
    pass(random, 60);
    owner.proxy->cut(below(random, 2) == 0);
    pass(random, 60);
    owner.proxy->deliver();
}

// What was held is asked again only after others took the tenants.
void SqlNemesis::hold_past_the_lease(Owner& owner, Random& random) {
    ++strikes_["requests held, lease lost"];
    owner.proxy->hold_requests();
    expire_lease(owner);
    pass(random, 300);
    owner.proxy->cut(below(random, 2) == 0);
    owner.proxy->deliver();
}

void SqlNemesis::withhold_answers(Owner& owner) {
    ++strikes_["answers withheld"];
    wait_a_while([&] { return owner.proxy->is_connected(); });  // it may have begun just now
    const int before = owner.proxy->ended();
    owner.proxy->hold_answers();
    wait_a_while([&] { return owner.proxy->ended() != before; });  // it cuts it
    owner.proxy->cut(false);
    owner.proxy->deliver();
}

void SqlNemesis::cut_behind_a_lock(Owner& owner, Random& random) {
    ++strikes_["cut while waiting for a lock"];
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

void SqlNemesis::lock_a_tenant(Random& random) {
    ++strikes_["tenants locked"];
    try {
        pqxx::connection connection(database_);
        pqxx::work work(connection);
        work.exec_params("SELECT FROM tenant_owner WHERE tenant_id = $1 FOR UPDATE",
                         1 + below(random, tenants_));
        pass(random, 500);  // longer than the lanes wait, now and then
    } catch (const pqxx::failure&) {
    }
}

void SqlNemesis::end_backend(Random& random) {
    ++strikes_["backends terminated"];
    const char* which = below(random, 2) == 0 ? "state = 'active' AND " : "";
    query(std::string("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ") + which +
          "application_name LIKE 'c0%' ORDER BY random() LIMIT 1");
}

void SqlNemesis::kill_backend() {
    ++strikes_["backends killed"];
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

void SqlNemesis::kill_postmaster(Random& random) {
    ++strikes_["postmasters killed"];
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
