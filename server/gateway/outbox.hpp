#pragma once

#include <optional>
#include <vector>

#include "domain/errors.hpp"
#include "wire/encode.hpp"

namespace switchboard {

// What a value of the "latest" class is about: a newer one with the same key replaces it.
struct LatestKey {
    enum class Kind : std::uint8_t {
        summary,
        presence,
        pointer,
        queue_place,
        availability,
        heartbeat
    };

    Kind kind = Kind::summary;
    Channel channel = Channel::chat;  // of a presence or availability
    PublicId about;                   // conversation, or agent of a presence
    PublicId person;                  // of a pointer

    bool operator==(const LatestKey&) const = default;
};

// Frames waiting for one connection, in three classes: a *stream* frame is sent, in order; a
// *latest* one unless a newer value of its key comes before it is sent; a *lossy* one if it is no
// trouble. Bounded: a reader slower than its traffic loses its connection, never the node its
// memory. Holds no memory while nothing waits. One thread, that of the connection.
class Outbox {
public:
    struct Limits {
        std::size_t frames_max = 256;
        std::size_t bytes_behind = 256 << 10;  // from here on lossy frames are dropped
        std::size_t bytes_max = 1 << 20;
    };

    explicit Outbox(const Limits& limits) : limits_(limits) {}

    // What does not fit beside what waits closes the outbox as too_slow; lossy frames go first.
    void push(Frame frame);
    void push_latest(const LatestKey& key, Frame frame);
    void push_lossy(Frame frame);

    // Moves the oldest frames, as many as one WebSocket message can hold, into `frames`, which is
    // emptied before; it stays empty when nothing waits.
    void take(std::vector<Frame>& frames);

    // Takes no more. What waits is still there to be sent, unless the reader is too slow for it.
    // The first reason stands.
    void close(CloseCode why);
    std::optional<CloseCode> closed() const { return closed_; }

    bool empty() const { return waiting_.empty(); }
    std::size_t bytes() const { return bytes_; }
    bool is_behind() const { return bytes_ >= limits_.bytes_behind; }

    // Whether so much can be pushed now without closing.
    bool fits(std::size_t frames, std::size_t bytes) const {
        return waiting_.size() + frames <= limits_.frames_max &&
               bytes_ + bytes <= limits_.bytes_max;
    }

    // False while somebody who can wait, such as a reader of pages, had better do so.
    bool has_room() const { return !is_behind() && waiting_.size() <= limits_.frames_max / 4; }

private:
    struct Waiting {
        Frame frame;
        bool is_lossy = false;
        bool is_latest = false;
        LatestKey key;  // of a latest one
    };

    void add(Waiting waiting);
    void drop_lossy();
    void remove(std::vector<Waiting>::iterator waiting);

    const Limits& limits_;
    std::vector<Waiting> waiting_;  // oldest first
    std::size_t bytes_ = 0;         // in waiting_
    std::optional<CloseCode> closed_;
};

}  // namespace switchboard
