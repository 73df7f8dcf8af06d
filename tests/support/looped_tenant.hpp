#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "support/memory_database.hpp"
#include "support/tenant_script.hpp"
#include "tenants/tenant_loop.hpp"

namespace switchboard {

// A tenant's loop over a database in memory that answers at once; what it shows is kept.
class LoopedTenant {
public:
    static constexpr TenantId id{1};

    explicit LoopedTenant(const TenantState& configuration) {
        me.bytes[0] = 1;
        database.configure(configuration);
        database.enlist(me, {});
    }

    void submit(Command command) {
        accept(std::move(command));
        run();
    }

    // Without letting the loop run.
    void accept(Command command) { loop.accept({std::move(command), receiver, ++submitted}, now); }

    void start(std::int64_t number) {
        StartConversation start{TenantScript::talk_id(number),
                                SiteId{1},
                                Channel::chat,
                                TenantScript::message_id(number, now),
                                "hello"};
        submit({TenantScript::visitor(number), start});
    }

    // The store takes this long, and the loop is told the time meanwhile.
    void pass(std::chrono::microseconds time) {
        const Time end = now + time;
        while (now < end) {
            now = std::min(end, now + std::chrono::milliseconds(250));
            loop.expire(now);
        }
    }

    // Until the loop rests, or the store answers no more.
    void run() {
        while (step()) {
        }
    }

    // False: the loop rests.
    bool step() {
        const auto step = loop.next(now);
        if (auto found = loop.take_alarm()) alarm = std::move(found);
        if (std::holds_alternative<TenantLoop::Take>(step))
            loop.taken(is_reachable ? std::optional(database.take(id, me)) : std::nullopt, now);
        if (std::holds_alternative<TenantLoop::Load>(step)) {
            std::exchange(while_loading, [] {})();
            loop.loaded(database.load(id), now);
        }
        if (const auto* find = std::get_if<TenantLoop::Find>(&step)) {
            std::exchange(while_finding, [] {})();
            loop.found(database.find(id, find->look_up), now);
        }
        if (const auto* store = std::get_if<TenantLoop::Store>(&step)) {
            std::exchange(while_storing, [] {})();
            loop.stored(database.commit(me, *store->batch), now);
        }
        if (std::holds_alternative<TenantLoop::CarryOut>(step)) loop.carried_out(is_reachable);
        shown.push_back(loop.take_output());
        return !std::holds_alternative<TenantLoop::Wait>(step);
    }

    MemoryDatabase database;
    TenantLoop loop{id, {}};
    Incarnation me;
    Time now{std::chrono::milliseconds(1'700'000'000'000)};
    bool is_reachable = true;                     // by its lease and by who lends it
    std::function<void()> while_storing = [] {};  // once
    std::function<void()> while_loading = [] {};  // likewise
    std::function<void()> while_finding = [] {};
    std::optional<std::string> alarm;
    std::vector<CarriedOut> shown;
    std::uint32_t submitted = 0;  // commands: the id of the last one

private:
    class Nobody : public ReplyReceiver {
        void receive(std::uint32_t, Reply) override {}
    };

    std::shared_ptr<ReplyReceiver> receiver = std::make_shared<Nobody>();
};

}  // namespace switchboard
