#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

#include "domain/block.hpp"
#include "domain/conversation.hpp"
#include "domain/errors.hpp"
#include "domain/publication.hpp"

namespace switchboard {

// Which conversations of a tenant: those for which all that is set holds, newest first.
struct ConversationQuery {
    TenantId tenant;
    std::optional<ConversationState> state;
    AgentId agent;             // who has it, or had it last; 0: whoever
    SiteId site;               // 0: any
    std::optional<Time> from;  // opened at or after
    std::optional<Time> to;    // opened before
    ConversationId before;     // only older ones; 0: from the newest
    int limit = 50;            // 1..1000
};

// The closing form and the visitor's rating as last given (K14).
struct StoredForm {
    std::vector<std::string> tags;
    std::string note;
    Time at;

    bool operator==(const StoredForm&) const = default;
};

struct StoredRating {
    int stars = 1;  // 1..5
    std::string comment;
    Time at;

    bool operator==(const StoredRating&) const = default;
};

// A conversation as stored, with the names of those who take part.
struct StoredTalk {
    Conversation conversation;
    PersonView visitor;
    PersonView agent;  // person.id 0: nobody has, or had, it
    std::string site_key;
    std::optional<StoredForm> form;
    std::optional<StoredRating> rating;

    bool operator==(const StoredTalk&) const = default;
};

struct BlockQuery {
    TenantId tenant;
    bool with_lifted = false;  // those lifted and expired too
    BlockId before;            // only older ones; 0: from the newest
    int limit = 50;            // 1..1000
};

struct StoredBlock {
    Block block;
    PublicId by_public_id;          // of who blocked, or of the key; none for the system
    std::string by_name;            // likewise
    std::optional<Time> lifted_at;  // or expired
    std::int64_t hits = 0;          // contacts that it turned away

    bool operator==(const StoredBlock&) const = default;
};

// What happened at each tenant, read beside the log for those who look things up; the pages of a
// timeline are TenantStore's. Any call may fail with an error_code when the database cannot be
// reached. Resumes on the caller's executor. Any thread.
//
// postgres/ holds the real one and tests/support/ one in memory; both must pass
// tests/conformance/archive_test.cpp.
class Archive {
public:
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    virtual ~Archive() = default;

    virtual Answer<std::vector<StoredTalk>> conversations(ConversationQuery query) = 0;
    virtual Answer<std::optional<StoredTalk>> find_conversation(TenantId tenant, PublicId id) = 0;

    // Newest first.
    virtual Answer<std::vector<StoredBlock>> blocks(BlockQuery query) = 0;

    // In force or not.
    virtual Answer<std::optional<StoredBlock>> find_block(TenantId tenant, PublicId id) = 0;
};

}  // namespace switchboard
