#pragma once

#include <string>

#include "postgres/commit/rows.hpp"

namespace switchboard {

// One call of commit_batches_3(): batches of different tenants, encoded once, sent as often as it
// takes to learn their outcomes, each time with the same bytes.
class CommitCall {
public:
    void clear();

    // Encodes the batch; its index in the outcomes is how many were added before.
    void add(const Batch& batch);

    // Makes run() possible on this connection.
    static void prepare(pqxx::connection& connection);

    // Sends it for the process `me`, in the statement's own transaction; returns the outcomes as
    // PostgreSQL's text, "{0,0,3}". `wait` is for a batch alone whose tenant was locked.
    std::string run(pqxx::connection& connection,
                    const RowTypes& types,
                    const std::string& me,
                    bool wait);

private:
    bool is_usual() const;

    FoldedBatch folded_;
    BinaryArray tenant_, epoch_, expect_, records_;
    RowArrays rows_;
};

// The oids of row_type_names in the database of this connection.
RowTypes row_types(pqxx::transaction_base& transaction);

}  // namespace switchboard
