#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "domain/publication.hpp"
#include "domain/reply.hpp"

namespace switchboard {

// Who submitted a command and waits for its reply. An implementation knows its own thread, and that
// the last who holds it may be on another.
class ReplyReceiver {
public:
    virtual ~ReplyReceiver() = default;

    // Called on the receiver's own thread, at most once per command; `id` is the submitter's own.
    virtual void receive(std::uint32_t id, Reply reply) = 0;

    // Index of the I/O thread that the receiver lives on: 0, 1, 2…
    std::size_t thread = 0;
};

struct Answer {
    std::shared_ptr<ReplyReceiver> to;
    std::uint32_t id = 0;
    Reply reply;
};

// What one commit brought: to be shown first, then answered, so that on each thread an entry and
// the answer to its sender can travel in one WebSocket message.
struct CarriedOut {
    TenantId tenant;
    // Something was stored before that nobody was shown: who looks on must read what he misses.
    bool has_gap = false;
    std::vector<Publication> publications;
    std::vector<Answer> answers;
};

// The people who look on: implemented by the gateway, called on a tenant's thread once the records
// are durable. Never blocks: it posts to each I/O thread that has somebody to tell, once.
class Audience {
public:
    virtual ~Audience() = default;
    virtual void show(std::shared_ptr<const CarriedOut> carried_out) = 0;
};

}  // namespace switchboard
