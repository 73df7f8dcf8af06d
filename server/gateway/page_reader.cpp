#include "gateway/page_reader.hpp"

#include <algorithm>
#include <utility>

#include "domain/authorize.hpp"
#include "gateway/handshake.hpp"

namespace switchboard {

void PageReader::add(std::uint32_t id, const ReadEntries& what, Sent sent) {
    waiting_.push_back({id, what, std::move(sent)});
}

bool PageReader::add_parts(std::vector<Frame> parts, Sent sent) {
    const auto is_part = [](const Waiting& each) {
        return std::holds_alternative<Frame>(each.what);
    };
    if (std::ranges::any_of(waiting_, is_part)) return false;
    for (Frame& part : parts)
        waiting_.push_back({0, std::move(part), {}});
    waiting_.back().sent = std::move(sent);
    return true;
}

boost::asio::awaitable<PageReader::Page> PageReader::next() {
    Waiting waiting = std::move(waiting_.front());
    waiting_.pop_front();
    Page page{nullptr, std::move(waiting.sent)};
    if (auto* part = std::get_if<Frame>(&waiting.what)) {
        page.frame = std::move(*part);
    } else {
        page.frame = co_await answer(waiting.id, std::get<ReadEntries>(waiting.what));
    }
    co_return page;
}

boost::asio::awaitable<Frame> PageReader::answer(std::uint32_t id, ReadEntries what) {
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
