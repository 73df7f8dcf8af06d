#include "gateway/catch_up.hpp"

#include <algorithm>

#include "domain/authorize.hpp"

namespace switchboard {
namespace {

constexpr int page_entries = 64;

// A conversation to be continued.
struct Missed {
    Position from;
    ConversationId id;
    Seq last_seq = 0;
    bool is_closed = false;
};

const StoredConversation* find(const Facts& facts, const PublicId& conversation) {
    const auto found =
        std::ranges::find(facts.conversations, conversation, &StoredConversation::public_id);
    return found == facts.conversations.end() ? nullptr : &*found;
}

std::vector<Missed> missed_by(const CatchUp& what, const Facts& facts) {
    std::vector<Missed> missed;
    for (const auto& position : what.resume->positions) {
        const auto* stored = find(facts, position.conversation);
        if (stored == nullptr) continue;
        if (authorize(what.feed.principal(), Action::read_conversation, &stored->access)) continue;
        const bool is_closed = stored->state == ConversationState::closed;
        missed.push_back({position, stored->id, stored->last_seq, is_closed});
    }
    return missed;
}

bool can_continue(const CatchUp& what, const std::vector<Missed>& missed) {
    const auto entries_max = static_cast<Seq>(what.settings.resumed_entries_max);
    return std::ranges::all_of(missed, [&](const Missed& each) {
        return each.from.seq <= each.last_seq && each.last_seq - each.from.seq <= entries_max;
    });
}

boost::asio::awaitable<error_code> send_entries(const CatchUp& what, const Missed& missed) {
    PageRequest request;
    request.tenant = what.feed.principal().tenant;
    request.conversation = missed.id;
    request.after = missed.from.seq;
    request.limit = page_entries;
    request.audience = what.feed.look().audience;
    what.feed.start_at(missed.from);
    for (bool more = true; more && !what.feed.closed();) {
        const auto page = co_await what.store.read(request);
        if (!page) co_return page.error();
        for (const auto& entry : page->entries) {
            co_await what.feed.wait_for_room();  // of each: some are a hundred times as long
            what.feed.push_entry(entry);
        }
        more = page->more && !page->entries.empty();
        if (more) request.after = page->entries.back().entry.seq;
    }
    co_return error_code();
}

// The conversations of the resume that are over: nothing will come in them.
using Over = std::vector<PublicId>;

boost::asio::awaitable<Result<Over>> continue_from(const CatchUp& what) {
    Over over;
    std::vector<Missed> all;
    bool known = what.resume->lineage == what.view.lineage;
    if (known && !what.resume->positions.empty()) {
        LookUp look_up;
        for (const auto& position : what.resume->positions)
            look_up.conversations.push_back(position.conversation);
        const auto facts =
            co_await what.store.find(what.feed.principal().tenant, std::move(look_up));
        if (!facts) co_return facts.error();
        all = missed_by(what, *facts);
        known = can_continue(what, all);
    }
    if (!known) {
        what.feed.push(encode_resync(what.feed.look().encoding));
        co_return over;
    }
    for (const auto& missed : all) {
        const auto ec = co_await send_entries(what, missed);
        if (ec) co_return ec;
        if (missed.is_closed) over.push_back(missed.from.conversation);
    }
    co_return over;
}

}  // namespace

boost::asio::awaitable<error_code> catch_up(CatchUp what) {
    const bool agents = what.feed.look().audience == Visibility::agents;
    what.feed.learn(what.view.self);
    for (const auto& each : what.view.conversations) {
        const auto seq = agents ? each.timeline.last_seq : each.timeline.last_public_seq;
        what.feed.start_at({each.conversation, seq});
    }
    Over over;
    if (what.resume != nullptr) {
        auto continued = co_await continue_from(what);
        if (!continued) co_return continued.error();
        over = std::move(*continued);
    }
    do
        co_await what.feed.wait_for_room();
    while (what.feed.release_next());
    for (const auto& conversation : over)
        what.feed.stop(conversation);
    co_return error_code();
}

}  // namespace switchboard
