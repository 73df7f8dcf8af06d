#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "engine/tenant_engine.hpp"
#include "tenants/mailbox.hpp"
#include "tenants/ownership.hpp"
#include "tenants/tenant_log.hpp"

namespace switchboard {

// What happened in a loop, for metrics and for tests that rare paths were walked.
struct LoopCounts {
    std::int64_t commands = 0;
    std::int64_t batches = 0;
    std::int64_t records = 0;
    std::int64_t takes = 0;
    std::int64_t loads = 0;
    std::int64_t look_ups = 0;
    std::int64_t fenced = 0;
    std::int64_t diverged = 0;
    std::int64_t duplicates = 0;
    std::int64_t refused = 0;          // by the store: poison
    std::int64_t expired = 0;          // answered unavailable
    std::int64_t overloaded = 0;       // did not fit into the mailbox
    std::int64_t not_carried_out = 0;  // stored, but the lease had run out before it was shown
    std::int64_t shown_late = 0;       // of these: shown under the next lease
    std::int64_t stuck = 0;            // looks that found a rule broken; must stay 0

    LoopCounts& operator+=(const LoopCounts& other);
};

// One tenant's loop without its waiting: gather, commit, carry out, and again. It says what it
// wants done next and is told what came of it; tenants/tenant.cpp does the waiting, a simulation
// plays the store. While a batch flies nobody reads the engine: commands wait in the mailbox, so
// what a welcome shows is durable (P12). When a batch does not succeed the engine is rebuilt from
// the store, and the commands of the batch run again one by one.
//
// Belongs to one thread. After each call the caller takes the output and shows it.
class TenantLoop {
public:
    struct Limits {
        Mailbox::Limits mailbox;
        std::size_t records_max = 100;  // of a batch, but for what one command makes
        std::size_t batch_bytes_max = 256 << 10;
        std::chrono::microseconds answer_within = std::chrono::seconds(10);
    };

    TenantLoop(TenantId tenant, Limits limits);

    // What to do next, and how it is answered.
    struct Wait {  // nothing to do; not after `until`
        std::optional<Time> until;
    };
    struct Take {};  // own the tenant -> taken()
    struct Load {};  // its state -> loaded()
    struct Find {    // -> found()
        LookUp look_up;
    };
    struct Store {  // valid until stored() -> stored()
        const Batch* batch = nullptr;
    };
    struct CarryOut {};  // show the output if the lease still holds -> carried_out()
    using Step = std::variant<Wait, Take, Load, Find, Store, CarryOut>;

    // Never called while an answer is awaited.
    Step next(Time now);

    // An empty answer: the store could not be reached; it is asked again after a while.
    void taken(const std::optional<std::optional<Taken>>& taken, Time now);
    void loaded(const std::optional<TenantState>& state, Time now);
    void found(std::optional<Facts> facts, Time now);
    void stored(Commit outcome, Time now);
    // False: the lease has run out, nothing was shown; the tenant is taken anew, and then what was
    // stored is shown if nobody wrote since (F6: nobody is sent away), else there is a gap.
    void carried_out(bool shown);

    // At any time, also while an answer is awaited.
    void accept(WaitingCommand command, Time now);
    // Every quarter of a second while is_watched(): a pause of 2 s says that all of us stood still.
    void expire(Time now);
    bool is_watched() const { return storing_ || has_unanswered(); }
    // The loop ends: whoever waits is answered unavailable.
    void refuse_all();
    // Another node owns the tenant, or the lease is lost: what memory holds is worth nothing.
    void drop();

    // What the last look at the live state found wrong, once; see stuck(). next() looks at most
    // once a second, when something changed.
    std::optional<std::string> take_alarm() { return std::exchange(alarm_, std::nullopt); }

    // What is to be shown and answered now. After carried_out()'s step it includes the batch.
    CarriedOut take_output();

    bool is_serving() const { return engine_ != nullptr; }
    // True when memory holds nothing that is not stored: both are equal, field by field.
    bool is_settled() const { return is_serving() && (landed_ || flying_.batch.records.empty()); }
    std::int64_t epoch() const { return taken_ ? taken_->epoch : 0; }
    bool has_unanswered() const;
    const TenantEngine* engine() const { return engine_.get(); }
    const Mailbox& mailbox() const { return mailbox_; }
    const LoopCounts& counts() const { return counts_; }

private:
    struct Flying {
        Batch batch;
        std::vector<Publication> publications;
        std::vector<WaitingCommand> commands;
        std::vector<Reply> replies;  // of the commands
        std::size_t bytes = 0;
        Time decided;
        bool empty() const { return commands.empty() && publications.empty(); }
    };
    struct Pause {
        Time from;
        Time to;
    };

    std::optional<Step> gather(Time now);
    void apply_next(Time now);
    void add(Effects effects);
    bool is_full() const;
    void take_alarms(Time now, int at_most);
    bool is_due(Time now) const;
    void wake(Time now);
    void notice_pause(Time now);
    void forgive(Time since, Time now);
    void keep_up(TenantEngine& engine, Time now);
    const WaitingCommand* front() const;
    std::optional<Time> waiting_since() const;  // the one in front
    WaitingCommand pop();
    LookUp look_ahead() const;
    void rebuild();
    void hand_out(Flying flown);
    void show_unshown(Pos head);
    void keep(Flying flown);
    void refuse(WaitingCommand& waiting, Refusal reason);
    void try_again(Time now);
    void look(Time now);
    Wait rest();

    TenantId tenant_;
    Limits limits_;
    Mailbox mailbox_;
    std::deque<WaitingCommand> kept_;  // of a batch that failed; run first, one by one
    std::optional<Taken> taken_;
    std::optional<Pos> shown_pos_;  // up to here everything was carried out here, or before us
    std::string shown_lineage_;     // in which that position is
    std::unique_ptr<TenantEngine> engine_;
    std::unique_ptr<TenantEngine> dropped_;  // the last one, for what only memory had
    std::int64_t dropped_epoch_ = 0;
    Facts facts_;  // of this gather
    Flying flying_;
    bool storing_ = false;           // flying_.batch is with the store: it must not change
    bool lost_ = false;              // dropped while storing
    std::optional<Flying> unshown_;  // it was stored, and the lease had run out
    bool landed_ = false;            // flying_ is durable, or needs not be: to be carried out
    CarriedOut output_;
    std::optional<Time> retry_at_;
    int failures_ = 0;  // in a row
    LoopCounts counts_;
    Time seen_at_;                       // last told the time
    Pause pause_;                        // the last in which all of us stood still
    Time kept_up_to_;                    // who came until then was heard, or had time given
    std::optional<Time> shown_decided_;  // when that was decided which was just shown
    std::optional<Wait> resting_;        // the last step, with nothing to do
    bool changed_ = false;               // since the last look
    Time looked_at_;
    std::optional<std::string> alarm_;
};

}  // namespace switchboard
