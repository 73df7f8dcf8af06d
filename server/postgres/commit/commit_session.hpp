#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgres/commit/commit_call.hpp"
#include "postgres/commit/watchdog.hpp"
#include "postgres/connection.hpp"

namespace switchboard {

// A server process of PostgreSQL, told from a later one with the same number by when it began.
struct Backend {
    int pid = 0;
    std::string started_at;
};

struct CommitAnswer {
    enum class Kind {
        outcomes,     // of each batch, in order
        error,        // the transaction was rolled back
        in_doubt,     // it was sent, and may be stored now or later, until its backend is gone
        unreachable,  // it was not sent
    };
    Kind kind = Kind::unreachable;
    std::vector<int> outcomes;  // as in migrations/0004_commit_batches.sql
    std::string sqlstate;       // of an error
};

// A lane's connection. For one thread.
class CommitSession {
public:
    // `connection` is a whole connection string; `me` the text of the incarnation.
    CommitSession(std::string connection,
                  std::string me,
                  Watchdog& watchdog,
                  std::chrono::milliseconds answer_within);

    CommitAnswer run(CommitCall& call, bool wait);

    // Where the last call was sent.
    const Backend& backend() const { return backend_; }

    // Ends these backends, which may still be about to commit what they were sent. Whether the
    // server says that they are gone; nothing when nobody could be asked.
    std::optional<bool> end(const std::vector<Backend>& backends);

    // Whether a message of the batch is stored already; nothing when nobody could be asked.
    std::optional<bool> knows_ids_of(const Batch& batch);

private:
    void set_up(pqxx::connection& connection);

    template <class Work>
    auto ask(Work&& work) -> Result<std::invoke_result_t<Work&, pqxx::connection&>>;

    PostgresConnection connection_;
    std::string me_;
    Watchdog& watchdog_;
    std::chrono::milliseconds answer_within_;
    RowTypes types_;
    Backend backend_;
};

}  // namespace switchboard
