#pragma once

#include <boost/asio/awaitable.hpp>

#include <vector>

#include "domain/errors.hpp"
#include "domain/facts.hpp"
#include "domain/publication.hpp"
#include "domain/tenant_state.hpp"

namespace switchboard {

struct EntryPage {
    std::vector<EntryView> entries;  // ascending by seq
    bool more = false;               // there are entries after the last one
};

struct PageRequest {
    TenantId tenant;
    ConversationId conversation;
    Seq after = 0;
    int limit = 100;                        // 1..1000
    Visibility audience = Visibility::all;  // agents: everything; all: what the visitor may see
};

// What is stored, read beside the log. Any call may fail with an error_code when the database
// cannot be reached; the caller tries again. Resumes on the caller's executor.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/tenant_store_test.cpp.
class TenantStore {
public:
    virtual ~TenantStore() = default;

    // The tenant as stored at one moment. An error when there is no such tenant.
    virtual boost::asio::awaitable<Result<TenantState>> load(TenantId tenant) = 0;

    // What is known of these; `look_up` asks for at most 200 things.
    virtual boost::asio::awaitable<Result<Facts>> find(TenantId tenant, LookUp look_up) = 0;

    // Entries of a conversation in order; none when there is no such conversation.
    virtual boost::asio::awaitable<Result<EntryPage>> read(PageRequest request) = 0;
};

}  // namespace switchboard
