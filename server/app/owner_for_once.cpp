#include "app/owner_for_once.hpp"

#include <future>
#include <memory>
#include <stdexcept>

#include "auth/random.hpp"
#include "cluster/forward.hpp"
#include "cluster/lease.hpp"
#include "cluster/node_ownership.hpp"
#include "net/io_threads.hpp"
#include "postgres/connection_pool.hpp"
#include "postgres/owner_table.hpp"
#include "postgres/tenant_log.hpp"
#include "postgres/tenant_store.hpp"
#include "tenants/clock.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;

constexpr auto lease_patience = 10s;
constexpr auto patience = 15s;  // the tenants answer within about 10 s

class FirstReply final : public ReplyReceiver {
public:
    void receive(std::uint32_t, Reply reply) override { reply_.set_value(std::move(reply)); }
    std::future<Reply> get() { return reply_.get_future(); }

private:
    std::promise<Reply> reply_;
};

// Nobody looks on; who asked is answered where he is.
class NobodyLooksOn final : public Audience {
public:
    void show(std::shared_ptr<const CarriedOut> carried_out) override {
        for (const Answer& answer : carried_out->answers)
            answer.to->receive(answer.id, answer.reply);
    }
};

// The parts of a node that own tenants, in the order they need one another.
class Owner {
public:
    explicit Owner(const Config& config)
        : pool_(ConnectionPool::Settings{config.database_url, 1}),
          log_(PostgresTenantLog::Settings{config.database_url, me_}),
          table_(config.database_url, me_, config.node_name + " command line"),
          lease_(table_, {std::nullopt, [this] {
                              return LeaseRule::Health{0ns, log_.oldest_in_flight()};
                          }}) {
        if (!lease_.wait_until_held(lease_patience))
            throw std::runtime_error("the database did not grant a lease");
        threads_.start();
    }
    ~Owner() {
        std::promise<void> stopped;
        tenants_.stop([&stopped] { stopped.set_value(); });
        stopped.get_future().wait_for(patience);
        log_.stop();
        threads_.stop();
        threads_.join();
    }
    Owner(const Owner&) = delete;
    Owner& operator=(const Owner&) = delete;

    Reply carry_out(Command command) {
        const auto receiver = std::make_shared<FirstReply>();
        auto reply = receiver->get();
        gate_.submit(std::move(command), receiver, 1);
        if (reply.wait_for(patience) == std::future_status::ready) return reply.get();
        Refused refusal;
        refusal.reason = Refusal::unavailable;
        return refusal;
    }

private:
    Incarnation me_ = random_bits<Incarnation>();
    Clock clock_;
    IoThreads threads_{1};
    ConnectionPool pool_;
    PostgresTenantStore store_{pool_};
    PostgresOwnerTable owners_{pool_, me_};
    PostgresTenantLog log_;
    PostgresLeaseTable table_;
    LeaseKeeper lease_;
    NodeOwnership ownership_{owners_, lease_};
    NobodyLooksOn audience_;
    Tenants tenants_{
        {threads_.at(0).get_executor()}, {log_, store_, ownership_, audience_, clock_}, {}};
    Forward gate_{tenants_};
};

}  // namespace

Reply own_for_once(const Config& config, Command command) {
    return Owner(config).carry_out(std::move(command));
}

}  // namespace switchboard
