#include "support/postgres_cluster.hpp"

#include <pqxx/pqxx>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <grp.h>
#include <memory>
#include <pwd.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

#include "postgres/connection.hpp"
#include "postgres/migrate.hpp"

namespace switchboard {
namespace {

namespace fs = std::filesystem;

std::string find_binaries() {
    std::vector<fs::path> found;
    std::error_code none;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
        if (fs::exists(version.path() / "bin/postgres")) found.push_back(version.path() / "bin");
    if (found.empty()) throw std::runtime_error("no PostgreSQL in /usr/lib/postgresql");
    return std::ranges::max(found).string();
}

// In a child between fork and exec: only calls that are safe there.
[[noreturn]] void become(const passwd* user, const std::string& log, char* const* arguments) {
    if (user != nullptr &&
        (setgid(user->pw_gid) != 0 || setgroups(0, nullptr) != 0 || setuid(user->pw_uid) != 0)) {
        _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGQUIT);  // after the change of user, which would clear it
    if (freopen(log.c_str(), "a", stderr) == nullptr || dup2(2, 1) < 0) _exit(126);
    execv(arguments[0], arguments);
    _exit(127);
}

pid_t run(std::vector<std::string> words, const std::string& log) {
    std::vector<char*> arguments;
    for (auto& word : words)
        arguments.push_back(word.data());
    arguments.push_back(nullptr);
    const passwd* user = geteuid() == 0 ? getpwnam("postgres") : nullptr;
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("fork failed");
    if (child == 0) become(user, log, arguments.data());
    return child;
}

void wait_for(pid_t child) {
    while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
    }
}

std::string make_folder() {
    std::string folder = "/tmp/switchboard-pg-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no temporary folder");
    if (geteuid() == 0) {
        const passwd* user = getpwnam("postgres");
        if (user == nullptr || chown(folder.c_str(), user->pw_uid, user->pw_gid) != 0)
            throw std::runtime_error("root needs the user postgres to run PostgreSQL");
    }
    return folder;
}

// Databases of an outside server that this process has to take away.
struct Databases {
    // What libpqxx keeps for itself must be made before this, to be there still when this goes.
    explicit Databases(const std::string& server) {
        pqxx::connection connection(server);
        pqxx::nontransaction(connection).exec("SELECT 1");
    }
    ~Databases() {
        for (const auto& [server, name] : made) {
            try {
                pqxx::connection connection(server);
                pqxx::nontransaction(connection)
                    .exec("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            } catch (const std::exception&) {  // The server may be gone, and the database with it.
            }
        }
    }
    std::vector<std::pair<std::string, std::string>> made;
};

std::string template_name() {
    std::string all;
    for (const auto& migration : migrations())
        all += migration.sql;
    return "switchboard_template_" + std::to_string(std::hash<std::string>{}(all));
}

}  // namespace

PostgresCluster::PostgresCluster(Options options)
    : options_(std::move(options)), folder_(make_folder()), bin_(find_binaries()) {
    const auto data = folder_ + "/data";
    const pid_t initdb = run({bin_ + "/initdb",
                              "-D",
                              data,
                              "-U",
                              "switchboard",
                              "--auth=trust",
                              "-E",
                              "UTF8",
                              "--locale=C.UTF-8",
                              "-N"},
                             folder_ + "/initdb.log");
    wait_for(initdb);
    start();
}

PostgresCluster::~PostgresCluster() {
    if (postmaster_ > 0) {
        kill(postmaster_, SIGQUIT);
        wait_for(postmaster_);
    }
    std::error_code ignored;  // What cannot be removed is in /tmp.
    fs::remove_all(folder_, ignored);
}

std::string PostgresCluster::connection(const std::string& database) const {
    return "host=" + folder_ + " user=switchboard dbname=" + database;
}

void PostgresCluster::kill_postmaster() {
    kill(postmaster_, SIGKILL);
    wait_for(postmaster_);
    postmaster_ = -1;
}

void PostgresCluster::spawn() {
    std::vector<std::string> words{bin_ + "/postgres",
                                   "-D",
                                   folder_ + "/data",
                                   "-c",
                                   "listen_addresses=",
                                   "-c",
                                   "unix_socket_permissions=0700",
                                   "-c",
                                   "unix_socket_directories=" + folder_,
                                   "-c",
                                   std::string("fsync=") + (options_.fsync ? "on" : "off"),
                                   "-c",
                                   "log_error_verbosity=terse"};
    for (const auto& setting : options_.settings) {
        words.emplace_back("-c");
        words.push_back(setting);
    }
    postmaster_ = run(words, log_path());
}

bool PostgresCluster::answers() const {
    try {
        pqxx::connection connection(this->connection());
        return connection.is_open();
    } catch (const pqxx::failure&) {
        return false;
    }
}

// After a kill the old backends may still hold the shared memory, and a new postmaster gives up: it
// is started again until it stays.
void PostgresCluster::start() {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    spawn();
    while (!answers()) {
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error("PostgreSQL does not start: see " + folder_);
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
        if (waitpid(postmaster_, nullptr, WNOHANG) == postmaster_) spawn();
    }
}

const std::string& test_server() {
    static const std::string server = [] {
        if (const char* given = std::getenv("SWITCHBOARD_TEST_POSTGRES")) return std::string(given);
        static PostgresCluster cluster{PostgresCluster::Options()};
        return cluster.connection();
    }();
    return server;
}

std::string with_database(const std::string& connection, const std::string& database) {
    return connection_string(connection, "switchboard test", {}) + " dbname=" + database;
}

std::string fresh_database() { return fresh_database(test_server()); }

std::string fresh_database(const std::string& server) {
    static std::atomic<int> count = 0;
    static Databases databases(server);
    const auto name = "switchboard_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    const auto pattern = template_name();

    pqxx::connection connection(server);
    pqxx::nontransaction session(connection);
    session.exec("SELECT pg_advisory_lock(7700)");  // Others may be making the template.
    if (session.exec("SELECT FROM pg_database WHERE datname = " + session.quote(pattern)).empty())
        session.exec("CREATE DATABASE " + pattern);
    migrate_up(with_database(server, pattern));
    session.exec("CREATE DATABASE " + name + " TEMPLATE " + pattern);
    databases.made.emplace_back(server, name);
    return with_database(server, name);
}

}  // namespace switchboard
