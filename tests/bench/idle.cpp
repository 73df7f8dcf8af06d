#include "bench/idle.hpp"

#include <stdexcept>

#include "bench/usage.hpp"

namespace switchboard {
namespace {

constexpr std::size_t coming_max = 64;  // at the same time
constexpr std::chrono::seconds welcome_patience{60};

// Whoever is not welcomed within the patience, or leaves, ends it.
class Idlers final : public ClientEvents {
public:
    Idlers(const LoadSettings& settings, std::size_t visitors)
        : settings_(settings), visitors_(visitors) {}

    void come() {
        const auto end = BenchClock::now() + welcome_patience;
        while (welcomed_ < visitors_) {
            if (clients_.size() < visitors_ && clients_.size() - welcomed_ < coming_max) {
                add();
                poller_.run_once({});
            } else {
                poller_.run_once(std::chrono::milliseconds(100));
            }
            if (BenchClock::now() >= end) throw std::runtime_error("not all were welcomed");
        }
    }

    void stay(std::chrono::seconds time) {
        const auto end = BenchClock::now() + time;
        while (BenchClock::now() < end)
            poller_.run_once(end - BenchClock::now());
    }

private:
    void add() {
        const auto endpoint =
            endpoint_of(clients_.size(), settings_, "/v1/sites/" + settings_.site_key + "/socket");
        clients_.push_back(std::make_unique<Client>(poller_, endpoint, v1::Hello(), 1, *this));
    }

    void welcomed(Client&) override { ++welcomed_; }
    void acknowledged(Client&, std::uint32_t, std::uint32_t) override {}
    void shown(Client&, const v1::Entry&) override {}
    void shown(Client&, const v1::ConversationSummary&) override {}
    void failed(Client&, const std::string& why) override { throw std::runtime_error(why); }

    const LoadSettings& settings_;
    std::size_t visitors_;
    Poller poller_;
    std::vector<std::unique_ptr<Client>> clients_;
    std::size_t welcomed_ = 0;
};

}  // namespace

Idleness be_idle(const LoadSettings& settings, std::size_t visitors, pid_t server) {
    Idlers idlers(settings, visitors);
    const auto bytes_before = memory_bytes(server);
    const auto began = BenchClock::now();
    idlers.come();
    const std::chrono::duration<double> took = BenchClock::now() - began;
    idlers.stay(std::chrono::seconds(3));
    const auto grown = memory_bytes(server) - bytes_before;
    const auto count = static_cast<double>(visitors);
    return {count / took.count(), static_cast<double>(grown) / count};
}

}  // namespace switchboard
