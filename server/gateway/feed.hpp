#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <vector>

#include "auth/digest.hpp"
#include "domain/command.hpp"
#include "gateway/outbox.hpp"
#include "gateway/screen.hpp"
#include "gateway/settings.hpp"
#include "gateway/wake.hpp"
#include "wire/rendition.hpp"

namespace switchboard {

// Whether it is for this person, on whichever connection; what watchers are shown is another
// matter.
bool is_for(const Publication& publication, const PublicId& person);

// Who a connection belongs to, known from its hello.
struct Belonging {
    Principal principal;
    Connection connection;
    Look look;
    SiteId site;     // a visitor's
    Digest login{};  // an agent's: the login session that his ticket was issued to
};

// What one connection is shown: decides for each publication whether and in which class it goes
// into the outbox. Until catch_up is through it holds publications back; an entry that the client
// has already is not shown again. One thread, that of the connection.
class Feed {
public:
    Feed(const boost::asio::any_io_executor& executor, const GatewaySettings& settings);

    // Before the room is joined.
    void belong_to(const Belonging& belonging) { belonging_ = belonging; }
    const Principal& principal() const { return belonging_.principal; }
    const Connection& connection() const { return belonging_.connection; }
    const Look& look() const { return belonging_.look; }
    SiteId site() const { return belonging_.site; }
    const Digest& login() const { return belonging_.login; }

    // From the room: something that this person, or this connection by its watch, is shown.
    // `rendition` is of `publication`.
    void show(const std::shared_ptr<const Publication>& publication, Rendition& rendition);

    // From here on publications are held back, at most held_back_max; more close it as too_slow.
    void hold_back();
    // Up to here the client has the conversation, by the welcome or by entries sent since.
    void start_at(const Position& position);
    // Shows the oldest that was held back, if it is newer. False: there is none, and from here on
    // nothing is held back. One by one, so that whoever releases can wait for room.
    bool release_next();
    // The conversation is over, or another's: it leaves the heartbeats.
    void stop(const PublicId& conversation);

    // The conversation's entries that this connection has, for the next heartbeat.
    const std::vector<Position>& heads() const { return heads_; }
    // Learns the visitor's internal id, by which permission to read is judged.
    void learn(const PersonView& person);

    // What the connection has on its screen, and watches: see Screen.
    void set_view(const View& view);
    void ask_to_watch(std::uint32_t id, const ShowLive& what) { screen().ask(id, what); }
    bool watches(const Publication& publication) const {
        return screen_ && screen_->watches(publication);
    }
    // The answer to the watch that the frame `id` asked for; null sites: it was refused, and there
    // is none. Shows what was held back meanwhile. Nothing when it is not the latest one.
    void answer_watch(std::uint32_t id, const std::vector<SiteId>* sites);

    // A frame for this connection alone. Null is nothing.
    void push(Frame frame);
    void push_latest(const LatestKey& key, Frame frame);
    // Several that belong together, or none of them: false when they do not fit what waits already.
    bool push_all(const std::vector<Frame>& frames);

    // An entry that was read from the store.
    void push_entry(const EntryView& entry);

    // Ends the connection once what waits is sent; what the peer does meanwhile does not matter.
    void close(CloseCode why);
    // The person logged out: as a close for good, and his tenant will know it.
    void log_out();
    bool is_logged_out() const { return is_logged_out_; }
    std::optional<CloseCode> closed() const { return outbox_.closed(); }

    // For the writer, one at a time. Waits until there may be something to take, or it is closed.
    boost::asio::awaitable<void> wait() { return wake_.wait(); }
    // Something is there to take, or it is closed.
    bool is_due() const { return !outbox_.empty() || closed(); }
    // As Outbox::take: empty when all is taken.
    void take(std::vector<Frame>& frames);

    // For whoever sends pages: waits until the writer has sent most, or it is closed. One at a
    // time.
    boost::asio::awaitable<void> wait_for_room();

private:
    template <class What>
    void show(const What& view, Rendition& rendition);
    void show(const EntryView& view, Rendition& rendition);
    void show(const SummaryView& view, Rendition& rendition);
    void show(const AvailabilityView& view, Rendition& rendition);
    void show(const TypingView& view, Rendition& rendition);
    void show_entry(const EntryView& view, Frame frame);
    Position* head_of(const PublicId& conversation);
    bool is_outdated(const SummaryView& view);
    void follow(const SummaryView& view);
    Screen& screen();

    Outbox outbox_;
    Wake wake_;
    std::unique_ptr<Wake> room_;      // while somebody waits for room
    std::unique_ptr<Screen> screen_;  // once the client has said something of it
    Belonging belonging_;
    bool is_logged_out_ = false;
    bool is_held_back_ = false;
    std::size_t held_back_max_;
    std::vector<std::shared_ptr<const Publication>> held_back_;
    std::vector<Position> heads_;  // of the own open conversations
};

}  // namespace switchboard
