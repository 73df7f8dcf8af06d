#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "postgres/commit/commit_counters.hpp"
#include "tenants/tenant_log.hpp"

namespace switchboard {

// The tenants' log in PostgreSQL (promises: commit, in doubt, the ladder of errors; described in
// postgres/commit/group_lane.hpp and single_lane.hpp). It has two threads with a connection each:
// one for the batches of all tenants together, one for those that must go alone. It ends before the
// loops that its callers run on are gone.
class PostgresTenantLog : public TenantLog {
public:
    struct Settings {
        std::string connection;   // key words or a URI
        Incarnation incarnation;  // of this process
        int records_max = 200;    // of a statement; a single larger batch goes alone
        std::size_t bytes_max = std::size_t{256} << 10;
        std::chrono::milliseconds answer_within{3000};  // then the connection is cut
    };

    explicit PostgresTenantLog(const Settings& settings);

    // As stop().
    ~PostgresTenantLog() override;

    boost::asio::awaitable<Commit> commit(const Batch& batch) override;

    // Ends the threads after the statements in flight; what is not decided then is answered with
    // `stopped`, as is every later call. Again is harmless; one thread at a time.
    void stop();

    // How long PostgreSQL has owed an answer to the oldest statement, reconnecting included; zero
    // when nothing waits. For the lease, which must not be renewed by a process that cannot write.
    // Any thread.
    std::chrono::nanoseconds oldest_in_flight() const;

    // Any thread.
    const CommitCounters& counters() const;

private:
    class Lanes;
    std::unique_ptr<Lanes> lanes_;
};

}  // namespace switchboard
