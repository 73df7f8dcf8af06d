#include "simulation/simulated_node.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr TenantId tenant{1};

// Replies are read from the output; nobody is told in person.
class NoReceiver : public ReplyReceiver {
    void receive(std::uint32_t, Reply) override {}
};

TenantLoop::Limits limits() {
    TenantLoop::Limits limits;
    limits.mailbox.commands_max = 9;
    limits.records_max = 12;
    return limits;
}

// As the engine does before the next batch.
void trim(TenantState& state) {
    if (state.sent.size() <= state.sent_max) return;
    const auto kept = state.sent.end() - static_cast<std::ptrdiff_t>(state.sent_max);
    const ClientMessageId& highest = std::prev(kept)->id;
    state.sent_before = state.sent_before ? std::max(*state.sent_before, highest) : highest;
    state.sent.erase(state.sent.begin(), kept);
}

// What a record shows to have happened; empty: nothing that is counted.
struct Happened {
    std::string operator()(const Entry& entry) const {
        if (entry.kind != EntryKind::system) return "entry stored";
        for (const std::string_view code : {"agent_lost_reassigned",
                                            "agent_lost_queued",
                                            "agent_lost_kept",
                                            "agent_left_queued",
                                            "agent_unresponsive_queued",
                                            "agent_disabled_queued",
                                            "claimed",
                                            "active_again",
                                            "left_as_message",
                                            "visitor_left",
                                            "visitor_back",
                                            "inactive"}) {
            if (entry.body.find('"' + std::string(code) + '"') != std::string::npos)
                return std::string(code);
        }
        return "entry stored";
    }
    std::string operator()(const ClaimRecord& claim) const {
        if (claim.to_pos) return claim.wrap_up_pos ? "wrap-up over" : "slot freed";
        if (claim.wrap_up_pos) return "wrap-up";
        return claim.admission == Admission::returning ? "slot taken back" : "slot taken";
    }
    std::string operator()(const ConversationRecord& record) const {
        switch (record.conversation.close_reason) {
            case CloseReason::abandoned:
                return "abandoned";
            case CloseReason::wait_limit:
                return "waited too long";
            case CloseReason::idle:
                return "closed for silence";
            case CloseReason::blocked:
                return "closed by a block";
            default:
                return {};
        }
    }
    std::string operator()(const PresenceRecord& record) const {
        if (record.colour.reconnecting) return "reconnecting";
        return record.colour.reason == Reason::total_capacity ? "at the limit over all channels"
                                                              : "";
    }
    std::string operator()(const LiftRecord& lift) const {
        return lift.by.id == 0 ? "block expired" : "block lifted";
    }
    std::string operator()(const MissedRecord& missed) const {
        return "missed " + std::to_string(static_cast<int>(missed.cause));
    }
    std::string operator()(const auto&) const { return {}; }
};

std::string what_differs(const OpenConversation& live, const OpenConversation& rebuilt) {
    const std::string name = "conversation " + std::to_string(live.conversation.id.value);
    if (live.conversation != rebuilt.conversation) return name;
    if (live.summary != rebuilt.summary) return "the summary of " + name;
    if (live.pointers != rebuilt.pointers) return "the pointers of " + name;
    return "the visitor of " + name;
}

std::string what_differs(const TenantState& live, const TenantState& rebuilt) {
    if (live.log_pos != rebuilt.log_pos) return "log_pos";
    if (live.last_at != rebuilt.last_at) return "last_at";
    if (live.settings != rebuilt.settings) return "settings";
    if (live.groups != rebuilt.groups) return "groups";
    if (live.sites != rebuilt.sites) return "sites";
    if (live.blocks != rebuilt.blocks) return "blocks";
    if (live.agents != rebuilt.agents) return "agents";
    if (live.claims != rebuilt.claims) return "claims";
    if (live.sent != rebuilt.sent) return "sent";
    if (live.sent_before != rebuilt.sent_before) return "sent_before";
    if (live.conversations.size() != rebuilt.conversations.size()) return "which are open";
    for (std::size_t i = 0; i < live.conversations.size(); ++i) {
        if (live.conversations[i] != rebuilt.conversations[i])
            return what_differs(live.conversations[i], rebuilt.conversations[i]);
    }
    return "configuration";
}

}  // namespace

SimulatedNode::SimulatedNode(World& world, int number)
    : world_(world),
      number_(number),
      loop_(tenant, limits()),
      receiver_(std::make_shared<NoReceiver>()) {
    me_.bytes[0] = static_cast<std::uint8_t>(number);
}

void SimulatedNode::submit() {
    if (loop_.engine() != nullptr) world_.crowd.look_at(loop_.engine()->memory());
    Command command = world_.crowd.any_command(world_.now);
    const std::uint32_t id = world_.witness.submitted(command, number_);
    loop_.accept({std::move(command), receiver_, id}, world_.now);
}

bool SimulatedNode::step(bool faults) {
    const LoopCounts before = loop_.counts();
    const auto next = loop_.next(world_.now);
    const bool unreachable = faults && world_.crowd.once_in(20);
    if (unreachable) hit("store unreachable");
    if (std::holds_alternative<TenantLoop::Take>(next)) {
        unreachable ? loop_.taken(std::nullopt, world_.now) : take();
    } else if (std::holds_alternative<TenantLoop::Load>(next)) {
        if (unreachable) {
            loop_.loaded(std::nullopt, world_.now);
        } else {
            loop_.loaded(world_.database.load(tenant), world_.now);
            world_.witness.rebuilt();
        }
    } else if (const auto* find = std::get_if<TenantLoop::Find>(&next)) {
        if (faults && world_.crowd.once_in(10)) submit();
        if (unreachable) {
            loop_.found(std::nullopt, world_.now);
        } else {
            loop_.found(world_.database.find(tenant, find->look_up), world_.now);
        }
    } else if (const auto* store_step = std::get_if<TenantLoop::Store>(&next)) {
        store(*store_step->batch, faults);
    } else if (std::holds_alternative<TenantLoop::CarryOut>(next)) {
        carry_out(faults);
    }
    show();
    if (loop_.counts().look_ups > before.look_ups) hit("look-up");
    if (loop_.counts().overloaded > before.overloaded) hit("overloaded");
    if (loop_.counts().shown_late > before.shown_late) hit("shown under the next lease");
    return !std::holds_alternative<TenantLoop::Wait>(next);
}

void SimulatedNode::take() {
    world_.database.enlist(me_, {});  // the lease is renewed beside
    const auto taken = world_.database.take(tenant, me_);
    if (taken) world_.epoch = taken->epoch;
    hit(taken ? "taken" : "another owns it");
    loop_.taken(taken, world_.now);
}

void SimulatedNode::store(const Batch& batch, bool faults) {
    if (faults && world_.crowd.once_in(3)) submit();
    const Commit outcome = faults && world_.crowd.once_in(6) ? fault(batch) : commit(batch);
    if (outcome != Commit::stored) hit("batch failed");
    loop_.stored(outcome, world_.now);
}

// What the real store says; what it must never say is a fault of the loop.
Commit SimulatedNode::commit(const Batch& batch) {
    const Commit outcome = world_.database.commit(me_, batch);
    if (outcome == Commit::stored) {
        world_.witness.stored(batch.records);
        hit("batch stored");
        for (const Record& record : batch.records) {
            const std::string happened = std::visit(Happened{}, record);
            if (!happened.empty()) hit(happened);
        }
    }
    if (outcome == Commit::refused) hit("poison");
    if (outcome == Commit::fenced) hit("fenced by a rival");
    if (outcome == Commit::diverged)
        world_.witness.note("P4, P5: the database refused what the engine decided");
    if (outcome == Commit::duplicate)
        world_.witness.note("P3: a stored client id was applied again");
    return outcome;
}

Commit SimulatedNode::fault(const Batch& batch) {
    switch (world_.crowd.up_to(5)) {
        case 0: {
            hit("in doubt, committed");
            const Commit first = commit(batch);
            if (first != Commit::stored) return first;
            return world_.database.commit(me_, batch);  // the same call again
        }
        case 1:
            hit("silent for a minute");
            stay_silent();
            return commit(batch);
        case 2:
            hit("said to be fenced");
            return Commit::fenced;
        case 3:
            hit("said to be a duplicate");
            return Commit::duplicate;
        case 4:
            hit("said to have diverged");
            return Commit::diverged;
        default:
            hit("lease lost while storing");
            loop_.drop();
            return commit(batch);
    }
}

// The mailbox answers in time although the store does not.
void SimulatedNode::stay_silent() {
    for (int second = 1; second <= 60; ++second) {
        world_.now += 1s;
        if (second % 5 == 0) submit();
        loop_.expire(world_.now);
        show();
    }
}

void SimulatedNode::carry_out(bool faults) {
    const bool held = owns() && !(faults && world_.crowd.once_in(25));
    if (!held) hit("stored, but not shown");
    loop_.carried_out(held);
}

void SimulatedNode::show() { world_.witness.saw(loop_.take_output(), number_); }

void SimulatedNode::settle() {
    for (int quiet = 0; quiet < 8 && !world_.witness.broken();) {
        if (step(false) && owns()) {
            quiet = 0;
            continue;
        }
        ++quiet;
        world_.now += 2s;  // what is due, or to be tried again, comes
    }
}

void SimulatedNode::lose_lease() {
    for (int second = 0; second < 8; ++second)
        world_.database.advance(1s);
    if (world_.crowd.once_in(2)) return;
    loop_.drop();
}

void SimulatedNode::check() const {
    const TenantEngine* engine = loop_.engine();
    if (engine == nullptr || !owns()) return;
    world_.witness.note(broken_rule(engine->memory()));
    if (!loop_.is_settled()) return;
    TenantState live = write_down(engine->memory());
    trim(live);
    const TenantState rebuilt = world_.database.load(tenant);
    if (live != rebuilt)
        world_.witness.note("the rebuilt engine differs in " + what_differs(live, rebuilt));
}

}  // namespace switchboard
