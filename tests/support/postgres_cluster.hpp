#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace switchboard {

// A throw-away PostgreSQL in a folder of its own, reachable by a unix socket alone, that dies with
// this process. As root it runs as the user postgres, which PostgreSQL insists on.
class PostgresCluster {
public:
    struct Options {
        bool fsync = false;                 // on for tests of what survives
        std::vector<std::string> settings;  // as "name=value"
    };

    // Throws when there is no PostgreSQL on this machine, or it does not start.
    explicit PostgresCluster(Options options);
    ~PostgresCluster();
    PostgresCluster(const PostgresCluster&) = delete;
    PostgresCluster& operator=(const PostgresCluster&) = delete;

    std::string connection(const std::string& database = "postgres") const;
    std::string log_path() const { return folder_ + "/postgres.log"; }

    // With SIGKILL; its backends follow by themselves. Then start() again, which recovers.
    void kill_postmaster();
    // Returns once it answers.
    void start();

private:
    void spawn();
    bool answers() const;

    Options options_;
    std::string folder_;
    std::string bin_;
    pid_t postmaster_ = -1;
};

// A connection string to a server where databases can be made: SWITCHBOARD_TEST_POSTGRES, or a
// cluster that this process starts when it asks for the first time.
const std::string& test_server();

// The same server, another database.
std::string with_database(const std::string& connection, const std::string& database);

// A connection string to a new database of that server with all migrations applied, copied from a
// template that the first one makes. It is dropped when the process ends.
std::string fresh_database();
std::string fresh_database(const std::string& server);

}  // namespace switchboard
