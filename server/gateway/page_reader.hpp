#pragma once

#include <boost/asio/awaitable.hpp>

#include <deque>
#include <functional>
#include <variant>
#include <vector>

#include "gateway/feed.hpp"
#include "tenants/tenant_store.hpp"
#include "wire/client_frame.hpp"

namespace switchboard {

// What one connection is to be answered that an outbox may not hold: pages of timelines and answers
// of many parts, one after the other, and none while the client does not take what it was sent. Who
// may read a page is judged by what is stored. Thread of the feed.
class PageReader {
public:
    // Both must outlive it.
    PageReader(const Feed& feed, TenantStore& store) : feed_(feed), store_(store) {}

    using Sent = std::function<void()>;  // told when it is with the feed
    struct Page {
        Frame frame;
        Sent sent;
    };

    // The caller bounds how many wait: each counts in the send window.
    void add(std::uint32_t id, const ReadEntries& what, Sent sent);
    bool empty() const { return waiting_.empty(); }

    // The parts of an answer, at least one. False: another has parts that wait, and a client gets
    // no more than one such answer at a time.
    bool add_parts(std::vector<Frame> parts, Sent sent);

    // The reply to the oldest, its page or why there is none; or the next part. Not when empty; one
    // at a time.
    boost::asio::awaitable<Page> next();

private:
    struct Waiting {
        std::uint32_t id = 0;
        std::variant<ReadEntries, Frame> what;
        Sent sent;
    };

    boost::asio::awaitable<Frame> answer(std::uint32_t id, ReadEntries what);
    boost::asio::awaitable<boost::system::result<EntryPage, Refusal>> read(ReadEntries what);

    const Feed& feed_;
    TenantStore& store_;
    std::deque<Waiting> waiting_;  // oldest first
};

}  // namespace switchboard
