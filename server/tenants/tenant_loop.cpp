#include "tenants/tenant_loop.hpp"

#include <algorithm>
#include <iterator>
#include <limits>

namespace switchboard {
namespace {

constexpr std::size_t commands_per_batch_max = 200;
constexpr std::size_t look_ahead_max = 60;  // commands; each asks for at most three things

constexpr std::chrono::milliseconds retry_first{50};
constexpr std::chrono::milliseconds retry_max{1000};

constexpr std::chrono::seconds look_every{1};

constexpr std::chrono::seconds pause_min{2};     // beyond what was to be: all of us stood still
constexpr std::chrono::seconds heard_within{1};  // after a pause: who spoke in it

constexpr std::chrono::milliseconds slow_batch{200};  // what took less needs no time of its own

constexpr int alarms_first_max = 20;  // taken before the commands of a batch, which may fill it

void add(LookUp& all, LookUp more) {
    const auto join = [](auto& to, auto& from) { to.insert(to.end(), from.begin(), from.end()); };
    join(all.messages, more.messages);
    join(all.visitors, more.visitors);
    join(all.conversations, more.conversations);
    join(all.blocks, more.blocks);
}

}  // namespace

LoopCounts& LoopCounts::operator+=(const LoopCounts& other) {
    for (const auto count : {&LoopCounts::commands,
                             &LoopCounts::batches,
                             &LoopCounts::records,
                             &LoopCounts::takes,
                             &LoopCounts::loads,
                             &LoopCounts::look_ups,
                             &LoopCounts::fenced,
                             &LoopCounts::diverged,
                             &LoopCounts::duplicates,
                             &LoopCounts::refused,
                             &LoopCounts::expired,
                             &LoopCounts::overloaded,
                             &LoopCounts::not_carried_out,
                             &LoopCounts::shown_late,
                             &LoopCounts::stuck})
        this->*count += other.*count;
    return *this;
}

TenantLoop::TenantLoop(TenantId tenant, Limits limits)
    : tenant_(tenant), limits_(limits), mailbox_(limits.mailbox) {
    output_.tenant = tenant;
}

TenantLoop::Step TenantLoop::next(Time now) {
    expire(now);
    wake(now);
    if (retry_at_ && *retry_at_ > now) return Wait{retry_at_};
    retry_at_.reset();
    if (landed_) return CarryOut{};
    if (!taken_) return Take{};
    if (engine_ == nullptr) return Load{};
    look(now);
    if (auto step = gather(now)) return std::move(*step);
    return rest();
}

// Nothing is under way: what memory holds is what is stored.
void TenantLoop::look(Time now) {
    if (!changed_ || !flying_.empty() || now < looked_at_ + look_every) return;
    changed_ = false;
    looked_at_ = now;
    alarm_ = stuck(engine_->memory());
    if (alarm_) ++counts_.stuck;
}

TenantLoop::Wait TenantLoop::rest() {
    Wait wait{engine_->next_tick()};
    if (changed_) {
        const Time due = looked_at_ + look_every;
        wait.until = wait.until ? std::min(*wait.until, due) : due;
    }
    resting_ = wait;
    return wait;
}

// While it rests a pause is seen by how late it wakes.
void TenantLoop::wake(Time now) {
    if (!resting_) return;
    forgive(std::max(resting_->until.value_or(now), pause_.to), now);
    kept_up_to_ = waiting_since().value_or(now);
    resting_.reset();
}

// While somebody waits or the store has a batch, by the watch.
void TenantLoop::notice_pause(Time now) {
    const Time seen = std::exchange(seen_at_, now);
    if (is_watched()) forgive(seen, now);
}

// Who spoke while all of us stood still is heard in a moment, and must not be taken for silent.
// What was under way was decided that much later.
void TenantLoop::forgive(Time since, Time now) {
    TenantEngine* engine = engine_ != nullptr ? engine_.get() : dropped_.get();
    if (engine == nullptr || now <= since + pause_min) return;
    engine->give_time(now - since + heard_within);
    flying_.decided += now - since;
    if (shown_decided_) *shown_decided_ += now - since;
    pause_ = {since, now};
}

// Who waited for so long was told to ask again; likewise. Or else, who was assigned something by a
// batch that took long has not had it for long.
void TenantLoop::keep_up(TenantEngine& engine, Time now) {
    const auto decided = std::exchange(shown_decided_, std::nullopt);
    if (now >= kept_up_to_ + limits_.answer_within) {
        const auto forgiven = pause_.to - std::max(pause_.from, kept_up_to_);
        engine.give_time(now - kept_up_to_ - std::max(forgiven, forgiven.zero()));
        kept_up_to_ = now;
        return;
    }
    if (decided && now > *decided + slow_batch) engine.begin_confirming(*decided, now - *decided);
    kept_up_to_ = std::max(kept_up_to_, waiting_since().value_or(now));
}

std::optional<Time> TenantLoop::waiting_since() const {
    const WaitingCommand* next = front();
    return next == nullptr ? std::nullopt : std::optional(next->deadline - limits_.answer_within);
}

std::optional<TenantLoop::Step> TenantLoop::gather(Time now) {
    keep_up(*engine_, now);
    const bool one_by_one = !kept_.empty();
    auto& batch = flying_.batch;
    const bool adopted = !batch.records.empty();  // goes alone: no command is to blame for it
    if (!adopted) flying_.decided = now;
    if (!adopted && flying_.empty()) engine_->trim();
    batch.fence.pos = engine_->log_pos() - batch.positions;
    if (!adopted && !one_by_one) take_alarms(now, alarms_first_max);
    while (const WaitingCommand* waiting = adopted ? nullptr : front()) {
        if (!engine_->missing(waiting->command, facts_).empty()) {
            if (!flying_.empty()) break;  // what is looked up must include this batch
            return Find{look_ahead()};
        }
        apply_next(now);
        if (one_by_one || is_full()) break;
    }
    facts_ = {};
    if (!adopted) take_alarms(now, std::numeric_limits<int>::max());
    if (batch.positions > 0) add(engine_->save_progress(now));
    if (batch.records.empty()) {
        landed_ = !flying_.empty();
        return landed_ ? std::optional<Step>(CarryOut{}) : std::nullopt;
    }
    batch.tenant = tenant_;
    batch.fence.epoch = taken_->epoch;
    storing_ = true;
    ++counts_.batches;
    counts_.records += static_cast<std::int64_t>(batch.records.size());
    return Store{&batch};
}

void TenantLoop::take_alarms(Time now, int at_most) {
    for (; at_most > 0 && !is_full() && is_due(now); --at_most)
        add(engine_->tick(now));
}

// Not before those who spoke in time were heard.
bool TenantLoop::is_due(Time now) const {
    const auto due = engine_->next_tick();
    const auto since = waiting_since();
    return due && *due <= now && (!since || *since > *due);
}

void TenantLoop::apply_next(Time now) {
    WaitingCommand command = pop();
    Effects effects = engine_->apply(command.command, facts_, now);
    ++counts_.commands;
    flying_.replies.push_back(std::move(effects.reply));
    flying_.commands.push_back(std::move(command));
    add(std::move(effects));
}

void TenantLoop::add(Effects effects) {
    auto& batch = flying_.batch;
    batch.positions += effects.positions;
    for (Record& record : effects.records) {
        flying_.bytes += size_of(record);
        batch.records.push_back(std::move(record));
    }
    for (Publication& publication : effects.publications)
        flying_.publications.push_back(std::move(publication));
}

bool TenantLoop::is_full() const {
    return flying_.batch.records.size() >= limits_.records_max ||
           flying_.bytes >= limits_.batch_bytes_max ||
           flying_.commands.size() >= commands_per_batch_max;
}

const WaitingCommand* TenantLoop::front() const {
    if (!kept_.empty()) return &kept_.front();
    return mailbox_.empty() ? nullptr : &mailbox_[0];
}

WaitingCommand TenantLoop::pop() {
    if (kept_.empty()) return mailbox_.pop();
    WaitingCommand command = std::move(kept_.front());
    kept_.pop_front();
    return command;
}

// What the next commands miss, in one question: its answer replaces what was found before, perhaps
// for one who expired meanwhile.
LookUp TenantLoop::look_ahead() const {
    const Facts nothing;
    LookUp all;
    if (!kept_.empty()) return engine_->missing(kept_.front().command, nothing);
    for (std::size_t i = 0; i < std::min(mailbox_.size(), look_ahead_max); ++i)
        switchboard::add(all, engine_->missing(mailbox_[i].command, nothing));
    return all;
}

void TenantLoop::taken(const std::optional<std::optional<Taken>>& taken, Time now) {
    if (!taken || !*taken) return try_again(now);
    failures_ = 0;
    ++counts_.takes;
    taken_ = **taken;
}

void TenantLoop::loaded(const std::optional<TenantState>& state, Time now) {
    notice_pause(now);
    if (!state) return try_again(now);
    if (!taken_) return;                                   // dropped meanwhile
    if (state->log_pos != taken_->log_pos) return drop();  // somebody else wrote
    failures_ = 0;
    ++counts_.loads;
    show_unshown(state->log_pos);
    const bool is_next = shown_pos_ == state->log_pos && shown_lineage_ == taken_->lineage;
    if (shown_pos_ && !is_next) output_.has_gap = true;
    shown_pos_ = state->log_pos;
    shown_lineage_ = taken_->lineage;
    engine_ = std::make_unique<TenantEngine>(*state);
    if (dropped_ != nullptr && epoch() <= dropped_epoch_ + 1) {  // nobody in between
        keep_up(*dropped_, now);
    } else {
        if (dropped_ != nullptr) dropped_->forget_alarms();
        kept_up_to_ = now;
    }
    flying_.decided = now;
    add(engine_->begin(dropped_.get(), now));
    dropped_.reset();
}

// Nobody else wrote since: what memory had made of it is what is stored. Else it is done again.
void TenantLoop::show_unshown(Pos head) {
    if (!unshown_) return;
    Flying flown = std::move(*unshown_);
    unshown_.reset();
    const Pos end = *shown_pos_ + flown.batch.positions;
    if (head != end || taken_->lineage != shown_lineage_) return keep(std::move(flown));
    shown_pos_ = end;
    ++counts_.shown_late;
    hand_out(std::move(flown));
}

void TenantLoop::found(std::optional<Facts> facts, Time now) {
    if (!facts) return try_again(now);
    failures_ = 0;
    ++counts_.look_ups;
    if (engine_ != nullptr) facts_ = std::move(*facts);
}

void TenantLoop::stored(Commit outcome, Time now) {
    notice_pause(now);
    storing_ = false;
    if (lost_) outcome = Commit::fenced;
    lost_ = false;
    switch (outcome) {
        case Commit::stored:
            landed_ = true;
            return;
        case Commit::fenced:
        case Commit::stopped:
            ++counts_.fenced;
            drop();
            return try_again(now);
        case Commit::diverged:
            ++counts_.diverged;
            drop();
            return try_again(now);
        case Commit::duplicate:
            ++counts_.duplicates;
            return rebuild();
        case Commit::refused:
            ++counts_.refused;
            if (flying_.commands.size() == 1) refuse(flying_.commands.front(), Refusal::invalid);
            return rebuild();
    }
}

void TenantLoop::carried_out(bool shown) {
    if (!shown) {
        ++counts_.not_carried_out;
        if (!flying_.batch.records.empty()) unshown_ = std::exchange(flying_, {});
        return drop();
    }
    landed_ = false;
    taken_->log_pos += flying_.batch.positions;
    shown_pos_ = taken_->log_pos;
    shown_decided_ = flying_.decided;
    hand_out(std::exchange(flying_, {}));
}

void TenantLoop::hand_out(Flying flown) {
    changed_ = true;
    for (std::size_t i = 0; i < flown.commands.size(); ++i) {
        WaitingCommand& command = flown.commands[i];
        Reply& reply = flown.replies[i];
        if (command.to == nullptr || command.told) continue;
        if (auto* welcome = std::get_if<WelcomeView>(&reply)) welcome->lineage = taken_->lineage;
        output_.answers.push_back({command.to, command.id, std::move(reply)});
    }
    std::move(flown.publications.begin(),
              flown.publications.end(),
              std::back_inserter(output_.publications));
}

void TenantLoop::drop() {
    if (storing_) {
        lost_ = true;
        return;
    }
    rebuild();
    taken_.reset();
}

// The engine ran ahead of what is stored: it is loaded anew, and what it did is done again.
void TenantLoop::rebuild() {
    keep(std::exchange(flying_, {}));
    facts_ = {};
    landed_ = false;
    if (engine_ == nullptr) return;
    dropped_ = std::move(engine_);
    dropped_epoch_ = epoch();
}

void TenantLoop::keep(Flying flown) {
    for (auto command = flown.commands.rbegin(); command != flown.commands.rend(); ++command) {
        if (!command->told) kept_.push_front(std::move(*command));
    }
}

void TenantLoop::accept(WaitingCommand command, Time now) {
    notice_pause(now);
    command.deadline = now + limits_.answer_within;
    if (mailbox_.push(command)) return;
    ++counts_.overloaded;
    refuse(command, Refusal::overloaded);
}

void TenantLoop::expire(Time now) {
    notice_pause(now);
    const auto late = [&](WaitingCommand& command) {
        if (command.deadline > now || command.told || is_disconnect(command)) return false;
        ++counts_.expired;
        refuse(command, Refusal::unavailable);
        return true;
    };
    for (WaitingCommand& command : mailbox_.take_expired(now))
        late(command);
    std::erase_if(kept_, late);
    for (WaitingCommand& command : flying_.commands)
        late(command);  // it may yet be stored
    if (!unshown_) return;
    for (WaitingCommand& command : unshown_->commands)
        late(command);
}

void TenantLoop::refuse_all() {
    while (!mailbox_.empty())
        kept_.push_back(mailbox_.pop());
    keep(std::exchange(flying_, {}));
    if (unshown_) keep(std::move(*unshown_));
    unshown_.reset();
    for (WaitingCommand& command : kept_)
        refuse(command, Refusal::unavailable);
    kept_.clear();
}

bool TenantLoop::has_unanswered() const {
    return !mailbox_.empty() || !kept_.empty() || !flying_.commands.empty() || unshown_.has_value();
}

void TenantLoop::refuse(WaitingCommand& waiting, Refusal reason) {
    if (waiting.told) return;
    waiting.told = true;
    if (waiting.to != nullptr)
        output_.answers.push_back({waiting.to, waiting.id, Refused{reason, {}, {}}});
}

void TenantLoop::try_again(Time now) {
    const auto pause = std::min(retry_first * (1 << std::min(failures_, 5)), retry_max);
    ++failures_;
    retry_at_ = now + pause;
}

CarriedOut TenantLoop::take_output() {
    CarriedOut output = std::move(output_);
    output_ = {};
    output_.tenant = tenant_;
    return output;
}

}  // namespace switchboard
