#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <vector>

#include "domain/command.hpp"
#include "gateway/outbox.hpp"
#include "gateway/settings.hpp"
#include "gateway/wake.hpp"
#include "wire/rendition.hpp"

namespace switchboard {

// What one connection is shown: decides for each publication whether and in which class it goes
// into the outbox. Until catch_up is through it holds publications back; an entry that the client
// has already is not shown again. One thread, that of the connection.
class Feed {
public:
    Feed(const boost::asio::any_io_executor& executor, const GatewaySettings& settings);

    // Who is connected, known from the hello; before the room is joined.
    void belong_to(const Principal& principal, const Connection& connection, const Look& look);
    const Principal& principal() const { return principal_; }
    const Connection& connection() const { return connection_; }
    const Look& look() const { return look_; }

    // From the room: something that this person is shown. `rendition` is of `publication`.
    void show(const std::shared_ptr<const Publication>& publication, Rendition& rendition);

    // From here on publications are held back, at most held_back_max; more close it as too_slow.
    void hold_back();
    // Up to here the client has the conversation, by the welcome or by entries sent since.
    void start_at(const Position& position);
    // Shows what was held back and is newer.
    void release();
    // The conversation is over, or another's: it leaves the heartbeats.
    void stop(const PublicId& conversation);

    // The conversation's entries that this connection has, for the next heartbeat.
    const std::vector<Position>& heads() const { return heads_; }
    // Learns the visitor's internal id, by which permission to read is judged.
    void learn(const PersonView& person);

    // A frame for this connection alone. Null is nothing.
    void push(Frame frame);
    void push_latest(const LatestKey& key, Frame frame);

    // An entry that was read from the store.
    void push_entry(const EntryView& entry);

    // Ends the connection once what waits is sent; what the peer does meanwhile does not matter.
    void close(CloseCode why);
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
    void show(const EntryView& view, Frame frame);
    Position* head_of(const PublicId& conversation);
    void follow(const SummaryView& view);

    Outbox outbox_;
    Wake wake_;
    std::unique_ptr<Wake> room_;  // while somebody waits for room
    Principal principal_;
    Connection connection_;
    Look look_;
    bool is_held_back_ = false;
    std::size_t held_back_max_;
    std::vector<std::shared_ptr<const Publication>> held_back_;
    std::vector<Position> heads_;  // of the own open conversations
};

}  // namespace switchboard
