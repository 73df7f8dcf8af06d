#include "gateway/feed.hpp"

#include <algorithm>
#include <utility>

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
LatestKey key_of(const QueuePlaceView& view) {
    return {LatestKey::Kind::queue_place, {}, view.conversation, {}};
}
LatestKey key_of(const AvailabilityView& view) {
    return {LatestKey::Kind::availability, view.channel, {}, {}};
}

}  // namespace

bool is_for(const Publication& publication, const PublicId& person) {
    if (publication.watchers == Watchers::visitors) return false;  // it says who it is not for
    const auto& to = publication.to;
    return std::find(to.begin(), to.end(), person) != to.end();
}

Feed::Feed(const boost::asio::any_io_executor& executor, const GatewaySettings& settings)
    : outbox_(settings.outbox), wake_(executor), held_back_max_(settings.held_back_max) {}

void Feed::show(const std::shared_ptr<const Publication>& publication, Rendition& rendition) {
    if (closed()) return;
    if (is_held_back_) {
        if (held_back_.size() >= held_back_max_) return close(CloseCode::too_slow);
        held_back_.push_back(publication);
        return;
    }
    if (screen_ && screen_->is_asked() && screen_->watches(*publication)) {
        if (!screen_->hold_back(publication, held_back_max_)) close(CloseCode::too_slow);
        return;
    }
    if (screen_ && screen_->keeps(*publication)) return;
    const auto show_each = [&](const auto& view) { show(view, rendition); };
    std::visit(show_each, publication->what);
}

template <class View>
void Feed::show(const View& view, Rendition& rendition) {
    push_latest(key_of(view), rendition.as(look()));
}
void Feed::show(const EntryView& view, Rendition& rendition) {
    show_entry(view, rendition.as(look()));
}
void Feed::show(const SummaryView& view, Rendition& rendition) {
    if (is_outdated(view)) return;
    follow(view);
    push_latest(key_of(view), rendition.as(look()));
}
void Feed::show(const AvailabilityView& view, Rendition& rendition) {
    if (view.site == site()) push_latest(key_of(view), rendition.as(look()));
}
void Feed::show(const TypingView& view, Rendition& rendition) {
    if (screen_ && !screen_->shows(view.conversation)) return;
    outbox_.push_lossy(rendition.as(look()));
    wake_.notify();
}

void Feed::show_entry(const EntryView& view, Frame frame) {
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
    show_entry(entry, encode_publication(publication, look()));
}

// Held back since before the welcome, which has a newer one: what came after it was sent already.
bool Feed::is_outdated(const SummaryView& view) {
    const Position* head = head_of(view.conversation);
    const TimelineSummary& timeline = view.timeline;
    const bool agents = look().audience == Visibility::agents;
    return head != nullptr && (agents ? timeline.last_seq : timeline.last_public_seq) < head->seq;
}

void Feed::follow(const SummaryView& view) {
    learn(view.visitor);
    const bool is_over = view.state == ConversationState::closed;
    const bool is_others =
        look().audience == Visibility::agents && view.agent.public_id != principal().public_id;
    if (is_over || is_others) stop(view.conversation);
}

void Feed::stop(const PublicId& conversation) {
    std::erase_if(heads_, [&](const Position& each) { return each.conversation == conversation; });
}

void Feed::learn(const PersonView& person) {
    if (person.public_id == principal().public_id) belonging_.principal.person = person.person;
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

bool Feed::release_next() {
    is_held_back_ = false;
    if (held_back_.empty()) {
        held_back_ = {};
        return false;
    }
    const auto publication = std::move(held_back_.front());
    held_back_.erase(held_back_.begin());
    Rendition rendition(*publication);
    show(publication, rendition);
    is_held_back_ = true;
    return true;
}

Screen& Feed::screen() {
    if (!screen_) screen_ = std::make_unique<Screen>();
    return *screen_;
}

void Feed::set_view(const View& view) {
    screen().show(view);
    for (const auto& publication : screen_->take_shown()) {
        Rendition rendition(publication);
        show(std::get<PointerView>(publication.what), rendition);
    }
}

void Feed::answer_watch(std::uint32_t id, const std::vector<SiteId>* sites) {
    if (!screen_ || !screen_->is_asked_by(id)) return;
    if (sites != nullptr) {
        screen_->answer(*sites);
    } else {
        screen_->refuse();
    }
    for (const auto& publication : screen_->take_held_back()) {
        if (!is_for(*publication, principal().public_id) && !screen_->watches(*publication))
            continue;
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

bool Feed::push_all(const std::vector<Frame>& frames) {
    std::size_t bytes = 0;
    for (const auto& frame : frames)
        bytes += frame->size();
    if (!outbox_.fits(frames.size(), bytes)) return false;
    for (const auto& frame : frames)
        push(frame);
    return true;
}

void Feed::log_out() {
    is_logged_out_ = true;
    close(CloseCode::bad_token);
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
