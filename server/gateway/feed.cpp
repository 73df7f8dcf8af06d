#include "gateway/feed.hpp"

#include <algorithm>

namespace switchboard {
namespace {

LatestKey key_of(const SummaryView& view) {
    return {LatestKey::Kind::summary, {}, view.conversation, {}};
}
LatestKey key_of(const PresenceView& view) {
    return {LatestKey::Kind::presence, view.channel, view.agent, {}};
}
LatestKey key_of(const PointerView& view) {
    return {LatestKey::Kind::pointer, {}, view.conversation, view.person.public_id};
}

}  // namespace

Feed::Feed(const boost::asio::any_io_executor& executor, const GatewaySettings& settings)
    : outbox_(settings.outbox), wake_(executor), held_back_max_(settings.held_back_max) {}

void Feed::belong_to(const Principal& principal, const Connection& connection, const Look& look) {
    principal_ = principal;
    connection_ = connection;
    look_ = look;
}

void Feed::show(const std::shared_ptr<const Publication>& publication, Rendition& rendition) {
    if (closed()) return;
    if (is_held_back_) {
        if (held_back_.size() >= held_back_max_) return close(CloseCode::too_slow);
        held_back_.push_back(publication);
        return;
    }
    const auto& what = publication->what;
    if (const auto* entry = std::get_if<EntryView>(&what)) {
        show(*entry, rendition.as(look_));
    } else if (const auto* summary = std::get_if<SummaryView>(&what)) {
        follow(*summary);
        push_latest(key_of(*summary), rendition.as(look_));
    } else if (const auto* presence = std::get_if<PresenceView>(&what)) {
        push_latest(key_of(*presence), rendition.as(look_));
    } else if (const auto* pointer = std::get_if<PointerView>(&what)) {
        push_latest(key_of(*pointer), rendition.as(look_));
    } else if (const auto& frame = rendition.as(look_)) {
        outbox_.push_lossy(frame);
        wake_.notify();
    }
}

void Feed::show(const EntryView& view, Frame frame) {
    if (frame == nullptr) return;
    learn(view.author);
    auto* head = head_of(view.conversation);
    if (head == nullptr) {
        heads_.push_back({view.conversation, view.entry.seq});
    } else if (view.entry.seq <= head->seq) {
        return;
    } else {
        head->seq = view.entry.seq;
    }
    push(std::move(frame));
}

void Feed::push_entry(const EntryView& entry) {
    Publication publication;
    publication.pos = entry.entry.pos;
    publication.what = entry;
    show(entry, encode_publication(publication, look_));
}

void Feed::follow(const SummaryView& view) {
    learn(view.visitor);
    const bool is_over = view.state == ConversationState::closed;
    const bool is_others =
        look_.audience == Visibility::agents && view.agent.public_id != principal_.public_id;
    if (is_over || is_others) stop(view.conversation);
}

void Feed::stop(const PublicId& conversation) {
    std::erase_if(heads_, [&](const Position& each) { return each.conversation == conversation; });
}

void Feed::learn(const PersonView& person) {
    if (person.public_id == principal_.public_id) principal_.person = person.person;
}

Position* Feed::head_of(const PublicId& conversation) {
    const auto found = std::find_if(heads_.begin(), heads_.end(), [&](const Position& each) {
        return each.conversation == conversation;
    });
    return found == heads_.end() ? nullptr : &*found;
}

void Feed::hold_back() { is_held_back_ = true; }

void Feed::start_at(const Position& position) {
    if (auto* head = head_of(position.conversation)) {
        head->seq = position.seq;
    } else {
        heads_.push_back(position);
    }
}

void Feed::release() {
    is_held_back_ = false;
    const auto held_back = std::move(held_back_);
    held_back_ = {};
    for (const auto& publication : held_back) {
        Rendition rendition(*publication);
        show(publication, rendition);
    }
}

void Feed::push(Frame frame) {
    if (frame == nullptr) return;
    outbox_.push(std::move(frame));
    wake_.notify();
}

void Feed::push_latest(const LatestKey& key, Frame frame) {
    if (frame == nullptr) return;
    outbox_.push_latest(key, std::move(frame));
    wake_.notify();
}

void Feed::close(CloseCode why) {
    outbox_.close(why);
    wake_.notify();
    if (room_) room_->notify();
}

void Feed::take(std::vector<Frame>& frames) {
    outbox_.take(frames);
    if (room_ && outbox_.has_room()) room_->notify();
}

boost::asio::awaitable<void> Feed::wait_for_room() {
    if (outbox_.has_room() || closed()) co_return;
    const auto executor = co_await boost::asio::this_coro::executor;
    room_ = std::make_unique<Wake>(executor);
    while (!outbox_.has_room() && !closed())
        co_await room_->wait();
    room_.reset();
}

}  // namespace switchboard
