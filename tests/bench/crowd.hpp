#pragma once

#include <memory>
#include <string>
#include <vector>

#include "bench/client.hpp"

namespace switchboard {

// What a load is made of.
struct LoadSettings {
    std::uint16_t port = 8080;
    std::string site_key = "bench";
    std::string tenant_key = "bench";
    std::string origin = "http://bench.test";
    std::vector<std::string> tickets;  // one for each agent
    std::size_t pairs = 200;
    int in_flight = 1;  // messages of each pair, when there is no rate
    double rate = 0;    // messages a second of all together; 0: the next when one is complete
    double reports_per_second = 5;  // of each client: how far he has read
    std::size_t body_bytes = 100;
    bool json = false;
};

// Where the client of that number connects, from an address that it shares with few others.
Endpoint endpoint_of(std::size_t client, const LoadSettings& settings, const std::string& path);

// Visitors and agents who talk in pairs, and report what they have seen. With a
// rate each message has its time, whether or not those before it came through: what a slow server
// makes wait counts as its slowness.
class Crowd final : public ClientEvents {
public:
    explicit Crowd(const LoadSettings& settings);

    // Connects all, agents first, and opens a conversation for each visitor. Throws
    // std::runtime_error when that does not succeed within half a minute.
    void assemble();

    void start();
    void stop() { is_sending_ = false; }
    void run_for(std::chrono::nanoseconds time);

    // Until every message is complete, or half a minute has passed. Then closes the conversations.
    void finish();

    Ledger& ledger() { return ledger_; }

private:
    using Time = BenchClock::time_point;

    void welcomed(Client&) override { ++welcomed_; }
    void acknowledged(Client& client, std::uint32_t number, std::uint32_t seq) override;
    void shown(Client& client, const v1::Entry& entry) override;
    void shown(Client& client, const v1::ConversationSummary& summary) override;
    void failed(Client& client, const std::string& why) override;

    void connect_agents();
    void connect_visitors();

    template <class Done>
    void run_until(const char* what, const Done& done);
    void run_once(Time until);
    void send_due(Time now);
    void report_due(Time now);
    void send_next(std::size_t pair, Side author, Time due);

    // Where a client meets a pair; null when it does not know yet that it does.
    static Client::Talk* talk_of(Client& client, const std::string& conversation);

    LoadSettings settings_;
    Poller poller_;
    Ledger ledger_;
    std::vector<std::unique_ptr<Client>> visitors_;
    std::vector<std::unique_ptr<Client>> agents_;
    std::vector<Client*> agent_of_;                     // by pair
    std::vector<std::pair<Client*, v1::Entry>> early_;  // shown before we know whose it is
    std::size_t welcomed_ = 0;
    std::size_t opened_ = 0;
    std::size_t assigned_ = 0;
    bool is_sending_ = false;
    bool is_finished_ = false;
    Time next_due_;
    std::size_t next_pair_ = 0;
    Time next_report_;
    std::size_t next_reporter_ = 0;
};

}  // namespace switchboard
