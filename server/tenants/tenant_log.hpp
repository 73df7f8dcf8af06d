#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

#include "domain/record.hpp"

namespace switchboard {

// What a writer of a tenant's log must know, or nothing is stored; beside it the adapter compares
// the incarnation of its own process.
struct Fence {
    std::int64_t epoch = 0;  // how often the tenant was taken over
    Pos pos = 0;             // of the last record stored; 0 when there is none
};

// Records of one tenant, stored together or not at all, at fence.pos + 1, + 2… in the engine's
// order. A PointerRecord takes no pos.
struct Batch {
    TenantId tenant;
    Fence fence;
    int positions = 0;            // how many pos the records take
    std::vector<Record> records;  // 1..200, together at most 256 KiB and what one command makes
};

enum class Commit : std::uint8_t {
    stored,     // durable, by this call or by an earlier one of the same batch
    fenced,     // another node owns the tenant: answer nobody, drop its state
    diverged,   // a record contradicts what is stored: drop the state and take the tenant anew
    duplicate,  // client ids are stored already: look them up, run the other commands again
    refused,    // a value cannot be stored: run the commands one by one, answer the culprit
    stopped,    // the adapter is shutting down; the batch is in doubt
};

// The record of what happened at each tenant: once commit() says stored, a batch survives any
// crash.
//
// postgres/ holds the real one, which lets the batches of all tenants ride in one statement, and
// tests/support/ one in memory; both must pass tests/conformance/tenant_log_test.cpp.
class TenantLog {
public:
    virtual ~TenantLog() = default;

    // Stores the batch. Waits until that is decided: a lost connection is resolved in here. One
    // call per tenant at a time; `batch` must outlive the call. Resumes on the caller's executor.
    virtual boost::asio::awaitable<Commit> commit(const Batch& batch) = 0;
};

}  // namespace switchboard
