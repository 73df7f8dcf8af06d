#pragma once

#include <string>

#include "postgres/binary_array.hpp"
#include "postgres/commit/fold.hpp"

namespace switchboard {

// The oids of the composite types of migrations/0004 in one database.
struct RecordTypes {
    std::uint32_t limit = 0;
    std::uint32_t claim = 0;
    std::uint32_t visitor = 0;
    std::uint32_t conversation = 0;
    std::uint32_t entry = 0;
    std::uint32_t pointer = 0;
};

// One call of commit_batches(): batches of different tenants, encoded once, sent as often as it
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
                    const RecordTypes& types,
                    const std::string& me,
                    bool wait);

private:
    void encode_limits(std::int32_t batch);
    void encode_claims(std::int32_t batch);
    void encode_visitors(std::int32_t batch);
    void encode_conversations(std::int32_t batch);
    void encode_entries(std::int32_t batch);
    void encode_pointers(std::int32_t batch);

    FoldedBatch folded_;
    BinaryArray tenant_, epoch_, expect_, records_;
    BinaryArray limit_, claim_, visitor_, conversation_, entry_, pointer_;
};

}  // namespace switchboard
