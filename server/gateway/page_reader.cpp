#include "gateway/page_reader.hpp"

#include "domain/authorize.hpp"
#include "gateway/handshake.hpp"

namespace switchboard {

boost::asio::awaitable<Frame> PageReader::next() {
    const auto [id, what] = waiting_.front();
    waiting_.pop_front();
    const auto page = co_await read(what);
    const Look& look = feed_.look();
    if (page) co_return encode_page(id, page->entries, page->more, look);
    Refused refused;
    refused.reason = page.error();
    co_return encode_refused(id, refused, retry_after(refused.reason), look.encoding);
}

boost::asio::awaitable<boost::system::result<EntryPage, Refusal>> PageReader::read(
    ReadEntries what) {
    const Principal principal = feed_.principal();
    LookUp look_up;
    look_up.conversations.push_back(what.conversation);
    const auto facts = co_await store_.find(principal.tenant, std::move(look_up));
    if (!facts) co_return Refusal::unavailable;
    if (facts->conversations.empty()) co_return Refusal::not_found;
    const auto& stored = facts->conversations.front();
    const auto refusal = authorize(principal, Action::read_conversation, &stored.access);
    if (refusal) co_return *refusal;

    const PageRequest request{
        principal.tenant, stored.id, what.after, what.limit, feed_.look().audience};
    auto page = co_await store_.read(request);
    if (!page) co_return Refusal::unavailable;
    co_return std::move(*page);
}

}  // namespace switchboard
