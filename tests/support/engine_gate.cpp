#include "support/engine_gate.hpp"

#include <stdexcept>

namespace switchboard {

EngineGate::EngineGate(MemoryDatabase& database,
                       const TenantState& configuration,
                       Audience& audience,
                       std::function<Time()> now)
    : database_(database), tenant_(configuration.id), audience_(audience), now_(std::move(now)) {
    database_.configure(configuration);
    database_.enlist(me_, std::nullopt);
    taken_ = database_.take(tenant_, me_).value();
    engine_.emplace(database_.load(tenant_));
}

void EngineGate::submit(Command command, std::shared_ptr<ReplyReceiver> to, std::uint32_t id) {
    const std::lock_guard lock(mutex_);
    if (std::holds_alternative<Disconnect>(command.what)) ++disconnects_;
    Submitted submitted{std::move(command), std::move(to), id};
    if (is_held_) {
        held_.push_back(std::move(submitted));
    } else {
        carry_out(std::move(submitted));
    }
}

void EngineGate::carry_out(Submitted submitted) {
    auto shown = std::make_shared<CarriedOut>();
    shown->tenant = tenant_;
    std::optional<Reply> reply;
    if (script_) reply = script_(submitted.command);
    if (!reply) {
        auto effects = apply(submitted.command);
        commit(effects);
        auto progress = engine_->save_progress(now_());
        commit(progress);
        shown->publications = std::move(effects.publications);
        for (auto& each : progress.publications)
            shown->publications.push_back(std::move(each));
        reply = std::move(effects.reply);
        if (auto* welcome = std::get_if<WelcomeView>(&*reply)) welcome->lineage = taken_.lineage;
    }
    if (submitted.to) shown->answers.push_back({submitted.to, submitted.id, std::move(*reply)});
    audience_.show(std::move(shown));
}

Effects EngineGate::apply(const Command& command) {
    Facts facts;
    for (auto look_up = engine_->missing(command, facts); !look_up.empty();
         look_up = engine_->missing(command, facts))
        facts = database_.find(tenant_, look_up);
    return engine_->apply(command, facts, now_());
}

void EngineGate::commit(const Effects& effects) {
    if (effects.records.empty()) return;
    Batch batch;
    batch.tenant = tenant_;
    batch.fence = {taken_.epoch, engine_->log_pos() - effects.positions};
    batch.positions = effects.positions;
    batch.records = effects.records;
    if (database_.commit(me_, batch) != Commit::stored)
        throw std::logic_error("the memory database refused a batch");
}

void EngineGate::set_script(Script script) {
    const std::lock_guard lock(mutex_);
    script_ = std::move(script);
}

void EngineGate::hold() {
    const std::lock_guard lock(mutex_);
    is_held_ = true;
}

void EngineGate::let_go() {
    const std::lock_guard lock(mutex_);
    is_held_ = false;
    for (; !held_.empty(); held_.pop_front())
        carry_out(std::move(held_.front()));
}

void EngineGate::forget() {
    const std::lock_guard lock(mutex_);
    held_.clear();
}

std::size_t EngineGate::held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
}

int EngineGate::disconnects() const {
    const std::lock_guard lock(mutex_);
    return disconnects_;
}

}  // namespace switchboard
