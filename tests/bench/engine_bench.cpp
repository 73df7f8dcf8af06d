// What the engine takes for one command, by the number of agents and of visitors who wait. The time
// of a benchmark is that of one batch, as a tenant's loop makes it; "command" is one of it.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iterator>

#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using Script = TenantScript;

constexpr int batch_commands = 100;
constexpr int slots = 4;

// A tenant in the middle of its day: all agents are connected, and `busy_slots` of each are taken.
class Day {
public:
    Day(std::int64_t agents, int busy_slots, std::int64_t waiting = 0) : agents_(agents) {
        for (std::int64_t agent = 1; agent <= agents; ++agent)
            script_.connect(Script::agent(agent));
        for (std::int64_t i = 0; i < agents * busy_slots + waiting; ++i)
            start();
        for (std::int64_t talk = 1; talk <= talks_; ++talk) {
            if (script_.agent_of(talk) != 0) active_.push_back(talk);
        }
        script_.engine.trim();
    }

    Command connect(std::int64_t agent) {
        return {Script::agent(agent), Connect{{session(agent), 1}, SiteId{1}, ""}};
    }
    Command disconnect(std::int64_t agent) {
        return {Script::agent(agent), Disconnect{{session(agent), 1}}};
    }

    // Four messages, by both sides in turn, then the agent has seen what there was before.
    Command talk(std::size_t number) {
        const std::int64_t talk = active_.at(number / 5 % active_.size());
        const bool by_visitor = number % 5 % 2 == 0;
        if (number % 5 == 4) {
            const Seq seen = last_seq_of(talk);
            return {Script::agent(agent_of(talk)),
                    ReportProgress{Script::talk_id(talk), seen, seen}};
        }
        const Principal who = by_visitor ? Script::visitor(talk) : Script::agent(agent_of(talk));
        return {who, SendMessage{Script::talk_id(talk), fresh_id(), EntryKind::text, text}};
    }

    // By a visitor who was never here; the conversation is talks().
    Command open() {
        ++talks_;
        StartConversation start;
        start.conversation = Script::talk_id(talks_);
        start.site = SiteId{1};
        start.client_message_id = fresh_id();
        start.text = text;
        return {Script::visitor(talks_), std::move(start)};
    }
    Command close(std::int64_t talk) {
        return {Script::visitor(talk), CloseConversation{Script::talk_id(talk)}};
    }

    Command want(std::int64_t agent, Intent intent) {
        return {Script::agent(agent), SetPresence{{}, {}, intent, "tea"}};
    }
    Command limit(std::int64_t agent, int slots_max) {
        SetLimits limits;
        limits.agent = Script::agent_public_id(agent);
        limits.slots_max = slots_max;
        limits.slots_hard_max = slots + 1;
        return {Script::manager(), std::move(limits)};
    }
    Command claim(std::int64_t agent, std::int64_t talk) {
        return {Script::agent(agent), ClaimConversation{Script::talk_id(talk)}};
    }
    Command block(std::int64_t talk) {
        BlockVisitor block;
        block.block = Script::block_id(talk);
        block.conversation = Script::talk_id(talk);
        block.reason = "rude";
        return {Script::manager(), std::move(block)};
    }
    Command lift(std::int64_t talk) {
        return {Script::manager(), LiftBlock{Script::block_id(talk)}};
    }

    Effects apply(const Command& command) { return script_.apply(command); }
    Effects end_batch() {
        script_.engine.trim();
        return script_.engine.save_progress(script_.now);
    }
    void start() { apply(open()); }
    std::int64_t talks() const { return talks_; }
    std::int64_t agents() const { return agents_; }

private:
    inline static const std::string text{
        "Good morning, I ordered a blue one on Monday and was sent a red one. Can I change it?"};

    static Script script_of(std::int64_t agents) {
        std::vector<Script::AgentLine> lines;
        for (std::int64_t agent = 1; agent <= agents; ++agent)
            lines.push_back({agent, slots});
        TenantState state = Script::state(lines);
        SiteRule all_may_wait;
        all_may_wait.waiting_max = 20'000;
        for (Site& site : state.sites)
            site.rules = {all_may_wait};
        return Script(state);
    }

    static PublicId session(std::int64_t agent) {
        PublicId id = Script::agent_public_id(agent);
        id.bytes[0] = 0xE;
        return id;
    }

    std::int64_t agent_of(std::int64_t talk) const { return script_.agent_of(talk); }
    Seq last_seq_of(std::int64_t talk) const {
        const auto& talks = script_.engine.memory().conversations;
        return talks.find(Script::talk_id(talk))->open.summary.last_seq;
    }
    ClientMessageId fresh_id() { return script_.message_id(++messages_); }

    std::int64_t agents_;
    Script script_ = script_of(agents_);
    std::vector<std::int64_t> active_;  // conversations with an agent when the day began
    std::int64_t talks_ = 0;
    std::int64_t messages_ = 0;
};

// Times batches of what `make` makes; their making does not count, their effects' end does.
template <class Make>
void run(benchmark::State& state, Day& day, const Make& make) {
    std::vector<Command> commands;
    std::vector<Effects> effects;
    commands.reserve(batch_commands + 3);
    effects.reserve(batch_commands + 4);
    for (auto _ : state) {
        state.PauseTiming();
        commands.clear();
        while (commands.size() < batch_commands)
            make(commands);
        state.ResumeTiming();
        for (const Command& command : commands)
            effects.push_back(day.apply(command));
        effects.push_back(day.end_batch());
        for (const Effects& each : effects)
            if (refusal(each)) state.SkipWithError("a command was refused");
        effects.clear();
    }
    using benchmark::Counter;
    state.counters["command"] = Counter(static_cast<double>(commands.size()),
                                        Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void talk(benchmark::State& state) {
    Day day(state.range(0), 2);
    std::size_t number = 0;
    run(state, day, [&](auto& commands) { commands.push_back(day.talk(number++)); });
}

// A visitor comes, is given an agent, and ends it.
void start_and_close(benchmark::State& state) {
    Day day(state.range(0), 2);
    run(state, day, [&](auto& commands) {
        commands.push_back(day.open());
        commands.push_back(day.close(day.talks()));
    });
}

// Every agent is full: a visitor comes and waits, and the end of another's talk serves the oldest.
void queue_and_serve(benchmark::State& state) {
    Day day(state.range(0), slots, state.range(1));
    std::int64_t oldest = 0;
    run(state, day, [&](auto& commands) {
        commands.push_back(day.open());
        commands.push_back(day.close(++oldest));
    });
}

void talk_while_many_wait(benchmark::State& state) {
    Day day(state.range(0), slots, state.range(1));
    std::size_t number = 0;
    run(state, day, [&](auto& commands) { commands.push_back(day.talk(number++)); });
}

void agent_leaves_and_returns(benchmark::State& state) {
    Day day(state.range(0), 2);
    std::int64_t number = 0;
    run(state, day, [&](auto& commands) {
        const std::int64_t agent = number++ % day.agents() + 1;
        commands.push_back(day.disconnect(agent));
        commands.push_back(day.connect(agent));
    });
}

// A break begins and ends, or a manager lowers and raises a limit: the agent is full meanwhile.
void break_and_back(benchmark::State& state) {
    Day day(state.range(0), 2);
    std::int64_t number = 0;
    run(state, day, [&](auto& commands) {
        const std::int64_t agent = number++ % day.agents() + 1;
        commands.push_back(day.want(agent, Intent::unavailable));
        commands.push_back(day.want(agent, Intent::available));
    });
}

void limit_lower_and_higher(benchmark::State& state) {
    Day day(state.range(0), 2);
    std::int64_t number = 0;
    run(state, day, [&](auto& commands) {
        const std::int64_t agent = number++ % day.agents() + 1;
        commands.push_back(day.limit(agent, 2));
        commands.push_back(day.limit(agent, slots));
    });
}

// Everybody is on a break, and many wait: a visitor comes, is taken by hand, and ends it.
void queue_and_claim(benchmark::State& state) {
    Day day(state.range(0), 2, 0);
    for (std::int64_t agent = 1; agent <= day.agents(); ++agent)
        day.apply(day.want(agent, Intent::unavailable));
    for (std::int64_t waiting = 0; waiting < state.range(1); ++waiting)
        day.start();
    std::int64_t number = 0;
    run(state, day, [&](auto& commands) {
        commands.push_back(day.open());
        commands.push_back(day.claim(number++ % day.agents() + 1, day.talks()));
        commands.push_back(day.close(day.talks()));
    });
}

// A visitor comes, is given an agent, is blocked, which ends it, and the block is lifted.
void block_and_lift(benchmark::State& state) {
    Day day(state.range(0), 2);
    run(state, day, [&](auto& commands) {
        commands.push_back(day.open());
        commands.push_back(day.block(day.talks()));
        commands.push_back(day.lift(day.talks()));
    });
}

BENCHMARK(talk)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(start_and_close)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(agent_leaves_and_returns)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(break_and_back)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(limit_lower_and_higher)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(queue_and_claim)->Args({100, 100})->Args({1'000, 1'000})->Args({10'000, 10'000});
BENCHMARK(block_and_lift)->Arg(100)->Arg(1'000)->Arg(10'000);
BENCHMARK(queue_and_serve)
    ->Args({100, 100})
    ->Args({1'000, 1'000})
    ->Args({10'000, 10'000})
    ->Args({100, 10'000})
    ->Args({2'000, 10'000});
BENCHMARK(talk_while_many_wait)->Args({100, 10'000})->Args({2'000, 10'000});

}  // namespace
}  // namespace switchboard

BENCHMARK_MAIN();
