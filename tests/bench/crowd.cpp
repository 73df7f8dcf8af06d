#include "bench/crowd.hpp"

#include <algorithm>
#include <stdexcept>

namespace switchboard {
namespace {

constexpr std::chrono::seconds patience{30};

// A server lets one address open only so many sockets.
constexpr std::size_t clients_per_address = 20;

std::chrono::nanoseconds apart_at(double per_second) {
    return std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / per_second));
}

v1::Hello hello() {
    v1::Hello hello;
    hello.add_kinds("system");
    hello.add_kinds("note");
    return hello;
}

}  // namespace

Endpoint endpoint_of(std::size_t client, const LoadSettings& settings, const std::string& path) {
    const auto address = static_cast<std::uint32_t>(client / clients_per_address);
    constexpr std::uint32_t loopback = 0x7f00'0000;
    return {settings.port,
            loopback + ((1 + address / 250) << 8) + 1 + address % 250,
            path,
            settings.origin,
            settings.json};
}

Crowd::Crowd(const LoadSettings& settings)
    : settings_(settings), ledger_(settings.pairs, settings.body_bytes), agent_of_(settings.pairs) {
    if (settings_.tickets.empty()) throw std::runtime_error("no agents: there are no tickets");
}

void Crowd::connect_agents() {
    const auto talks_max =
        (settings_.pairs + settings_.tickets.size() - 1) / settings_.tickets.size();
    for (const auto& ticket : settings_.tickets) {
        auto said = hello();
        said.set_ticket(ticket);
        const auto to = endpoint_of(
            agents_.size(), settings_, "/v1/tenants/" + settings_.tenant_key + "/socket");
        agents_.push_back(std::make_unique<Client>(poller_, to, said, talks_max, *this));
        agents_.back()->side = Side::agent;
        agents_.back()->index = agents_.size() - 1;
    }
    run_until("the agents' welcomes", [&] { return welcomed_ == agents_.size(); });
}

void Crowd::connect_visitors() {
    for (std::size_t i = 0; i < settings_.pairs; ++i) {
        auto said = hello();
        said.set_name(std::to_string(i));  // by which the agent's side finds its pair
        const auto to = endpoint_of(
            agents_.size() + i, settings_, "/v1/sites/" + settings_.site_key + "/socket");
        visitors_.push_back(std::make_unique<Client>(poller_, to, said, 1, *this));
        visitors_.back()->index = i;
    }
    run_until("the visitors' welcomes",
              [&] { return welcomed_ == agents_.size() + visitors_.size(); });
}

void Crowd::assemble() {
    connect_agents();
    connect_visitors();
    for (std::size_t i = 0; i < visitors_.size(); ++i) {
        const auto number = Ledger::opening(i);
        visitors_[i]->open(number, ledger_.id_of(number), "Hello");
    }
    run_until("agents for all visitors", [&] {
        return opened_ == visitors_.size() && assigned_ == visitors_.size() && early_.empty() &&
               std::ranges::none_of(agents_,
                                    [](const auto& each) { return each->is_confirming(); });
    });
}

void Crowd::start() {
    is_sending_ = true;
    const auto now = BenchClock::now();
    next_due_ = now;
    next_report_ = now;
    if (settings_.rate > 0) return;
    for (int i = 0; i < settings_.in_flight; ++i) {
        for (std::size_t pair = 0; pair < settings_.pairs; ++pair)
            send_next(pair, (pair + std::size_t(i)) % 2 == 0 ? Side::visitor : Side::agent, now);
    }
}

void Crowd::run_for(std::chrono::nanoseconds time) {
    const auto end = BenchClock::now() + time;
    while (BenchClock::now() < end)
        run_once(end);
}

void Crowd::finish() {
    is_sending_ = false;
    const auto end = BenchClock::now() + patience;
    while (ledger_.incomplete() > 0 && BenchClock::now() < end)
        run_once(end);
    if (ledger_.incomplete() > 0)
        ledger_.fault(std::to_string(ledger_.incomplete()) + " messages never came through");
    is_finished_ = true;
    for (const auto& visitor : visitors_) {
        if (visitor->is_welcome() && !visitor->talks.empty())
            visitor->close(visitor->talks.front());
    }
    run_for(std::chrono::milliseconds(500));
    for (const auto& visitor : visitors_)
        visitor->leave();
    for (const auto& agent : agents_)
        agent->leave();
}

template <class Done>
void Crowd::run_until(const char* what, const Done& done) {
    const auto end = BenchClock::now() + patience;
    while (!done()) {
        if (BenchClock::now() >= end || ledger_.faults() > 0) {
            const auto& faults = ledger_.first_faults();
            throw std::runtime_error(std::string("waited in vain for ") + what +
                                     (faults.empty() ? "" : ": " + faults.front()));
        }
        run_once(end);
    }
}

void Crowd::run_once(Time until) {
    const auto now = BenchClock::now();
    if (is_sending_) {
        send_due(now);
        report_due(now);
        if (settings_.rate > 0) until = std::min(until, next_due_);
        until = std::min(until, next_report_);
    }
    poller_.run_once(until - BenchClock::now());
}

// By schedule. The sides take turns, and the pairs.
void Crowd::send_due(Time now) {
    if (settings_.rate <= 0) return;
    const auto apart = apart_at(settings_.rate);
    for (; next_due_ <= now; next_due_ += apart) {
        const auto round = next_pair_ / settings_.pairs;
        const auto pair = next_pair_ % settings_.pairs;
        send_next(pair, (pair + round) % 2 == 0 ? Side::visitor : Side::agent, next_due_);
        ++next_pair_;
    }
}

// One client after the other.
void Crowd::report_due(Time now) {
    const auto clients = visitors_.size() + agents_.size();
    const auto apart = apart_at(settings_.reports_per_second * static_cast<double>(clients));
    for (; next_report_ <= now; next_report_ += apart) {
        const auto index = next_reporter_++ % clients;
        auto& client =
            index < visitors_.size() ? visitors_[index] : agents_[index - visitors_.size()];
        client->report(ledger_);
    }
}

void Crowd::send_next(std::size_t pair, Side author, Time due) {
    Client& client = author == Side::visitor ? *visitors_[pair] : *agent_of_[pair];
    const auto talk = std::find_if(client.talks.begin(), client.talks.end(), [&](const auto& each) {
        return each.pair == pair;
    });
    client.send(ledger_.write(pair, author, due), *talk, ledger_);
}

void Crowd::acknowledged(Client& client, std::uint32_t number, std::uint32_t seq) {
    if (number >= Ledger::opening(0)) {
        ++opened_;
        return;
    }
    const bool complete = ledger_.acknowledge(number, seq, BenchClock::now());
    if (complete && is_sending_ && settings_.rate <= 0)
        send_next(ledger_.pair_of(number), other(client.side), BenchClock::now());
}

void Crowd::shown(Client& client, const v1::Entry& entry) {
    auto* talk = talk_of(client, entry.conversation_id());
    if (talk == nullptr && client.side == Side::visitor) {
        client.talks.push_back({entry.conversation_id(), client.index, 0});
        talk = &client.talks.back();
    }
    if (talk == nullptr) {
        early_.emplace_back(&client, entry);
        return;
    }
    const auto pair = talk->pair;
    const auto now = BenchClock::now();
    if (!ledger_.show(pair, client.side, entry, now) || !is_sending_ || settings_.rate > 0) return;
    const bool by_visitor = entry.author().kind() == v1::PERSON_KIND_VISITOR;
    send_next(pair, by_visitor ? Side::agent : Side::visitor, now);
}

// An agent learns whose conversation it is by the name of the visitor.
void Crowd::shown(Client& client, const v1::ConversationSummary& summary) {
    if (client.side == Side::visitor || is_finished_) return;
    if (talk_of(client, summary.conversation_id()) != nullptr) return;
    const std::size_t pair = std::stoul(summary.visitor().name());
    if (pair >= agent_of_.size() || agent_of_[pair] != nullptr)
        return ledger_.fault("a conversation of two agents");
    agent_of_[pair] = &client;
    client.talks.push_back({summary.conversation_id(), pair, 0});
    ++assigned_;
    for (std::size_t i = 0; i < early_.size(); ++i) {
        const auto [whose, entry] = early_[i];
        if (whose != &client || entry.conversation_id() != summary.conversation_id()) continue;
        early_.erase(early_.begin() + static_cast<std::ptrdiff_t>(i--));
        shown(client, entry);
    }
}

Client::Talk* Crowd::talk_of(Client& client, const std::string& conversation) {
    const auto found = std::find_if(client.talks.begin(), client.talks.end(), [&](auto& talk) {
        return talk.conversation == conversation;
    });
    return found == client.talks.end() ? nullptr : &*found;
}

void Crowd::failed(Client& client, const std::string& why) {
    const char* who = client.side == Side::visitor ? "visitor " : "agent ";
    ledger_.fault(who + std::to_string(client.index) + ": " + why);
}

}  // namespace switchboard
