#pragma once

#include <boost/asio/awaitable.hpp>

#include <deque>

#include "gateway/feed.hpp"
#include "tenants/tenant_store.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {

// The pages of timelines that one connection has asked for: read one after the other, and none
// while the client does not take what it was sent. Who may read is judged by what is stored.
// Thread of the feed.
class PageReader {
public:
    // Both must outlive it.
    PageReader(const Feed& feed, TenantStore& store) : feed_(feed), store_(store) {}

    // The caller bounds how many wait: each counts in the send window.
    void add(std::uint32_t id, const ReadEntries& what) { waiting_.push_back({id, what}); }
    bool empty() const { return waiting_.empty(); }

    // The reply to the oldest: its page, or why there is none. Not when empty; one at a time.
    boost::asio::awaitable<Frame> next();

private:
    struct Waiting {
        std::uint32_t id = 0;
        ReadEntries what;
    };

    boost::asio::awaitable<boost::system::result<EntryPage, Refusal>> read(ReadEntries what);

    const Feed& feed_;
    TenantStore& store_;
    std::deque<Waiting> waiting_;  // oldest first
};

}  // namespace switchboard
