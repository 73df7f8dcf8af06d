#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "bench/client_socket.hpp"
#include "bench/ledger.hpp"

namespace switchboard {

class Client;

// What happens to a client. All on its thread.
class ClientEvents {
public:
    virtual void welcomed(Client& client) = 0;
    virtual void acknowledged(Client& client, std::uint32_t number, std::uint32_t seq) = 0;
    virtual void shown(Client& client, const v1::Entry& entry) = 0;
    virtual void shown(Client& client, const v1::ConversationSummary& summary) = 0;
    virtual void failed(Client& client, const std::string& why) = 0;

protected:
    ~ClientEvents() = default;
};

// A visitor's page or an agent's panel: says hello, sends messages in the order they are given,
// never more unanswered ones than the server allows, and tells how far it has read. An agent's
// confirms what is assigned to him, one after the other.
class Client final : public ClientSocket::Receiver {
public:
    static constexpr std::size_t in_flight_max = 8;  // docs/protocol.md

    // A conversation that this client is in.
    struct Talk {
        std::string conversation;
        std::size_t pair = 0;
        std::uint32_t reported_seq = 0;
    };

    // `hello` is said at once. `talks_max`: how many conversations it reports on at a time; what is
    // left of in_flight_max is for messages.
    Client(Poller& poller,
           const Endpoint& endpoint,
           v1::Hello hello,
           std::size_t talks_max,
           ClientEvents& events);

    Side side = Side::visitor;
    std::size_t index = 0;  // among those of its side
    std::vector<Talk> talks;

    bool is_welcome() const { return is_welcome_; }
    bool is_confirming() const { return !to_confirm_.empty(); }

    void open(std::uint32_t number, const std::string& id, const std::string& text);
    void send(std::uint32_t number, const Talk& talk, Ledger& ledger);
    void close(const Talk& talk);
    void report(const Ledger& ledger);

    // Nothing more happens to it.
    void leave() { socket_.close(); }

private:
    struct Waiting {
        std::uint32_t number;
        std::size_t pair;
    };

    void opened() override;
    void received(std::string_view message) override;
    void ended(const std::string& why) override;

    void take(const v1::Reply& reply);
    void take(const v1::Event& event);
    void take_answer(const v1::Reply& reply);
    void take(const v1::ConversationSummary& summary);
    void confirm_next();

    v1::ClientFrame& add_frame();
    void transmit();
    void transmit(std::uint32_t number, const Talk& talk, Ledger& ledger);

    ClientEvents& events_;
    bool is_json_;
    v1::Hello hello_;
    std::size_t window_;
    std::uint32_t last_id_ = 0;
    std::uint32_t reported_id_ = 0;  // of the last report
    std::uint32_t answered_id_ = 0;  // the highest
    bool is_welcome_ = false;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> unanswered_;  // frame id and number
    std::deque<Waiting> waiting_;                                      // for the window
    std::deque<std::string> to_confirm_;  // conversations; the first is on its way
    std::uint32_t confirm_id_ = 0;        // of that frame
    Ledger* ledger_ = nullptr;
    ClientSocket socket_;
};

}  // namespace switchboard
