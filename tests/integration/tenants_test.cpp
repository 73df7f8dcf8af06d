#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cluster/forward.hpp"
#include "cluster/node_ownership.hpp"
#include "support/memory_ports.hpp"
#include "support/tenant_script.hpp"

namespace switchboard {
namespace {

using namespace std::chrono_literals;
using Script = TenantScript;

class Nobody : public ReplyReceiver {
    void receive(std::uint32_t, Reply) override {}
};

// Keeps what was shown; tests wait for it.
class Listeners : public Audience {
public:
    void show(std::shared_ptr<const CarriedOut> carried_out) override {
        const std::lock_guard lock(mutex_);
        for (const Answer& answer : carried_out->answers)
            replies_.emplace(answer.id, answer.reply);
        gaps_ += carried_out->has_gap ? 1 : 0;
        entries_ += shown_entries(*carried_out);
        changed_.notify_all();
    }

    Reply reply_to(std::uint32_t id) {
        std::unique_lock lock(mutex_);
        const bool told = changed_.wait_for(lock, 30s, [&] { return replies_.contains(id); });
        return told ? replies_.at(id) : Reply(Refused{Refusal::unavailable, "never told", {}});
    }

    int entries() {
        const std::lock_guard lock(mutex_);
        return entries_;
    }

    int gaps() {
        const std::lock_guard lock(mutex_);
        return gaps_;
    }

private:
    static int shown_entries(const CarriedOut& carried_out) {
        int count = 0;
        for (const Publication& publication : carried_out.publications)
            count += std::holds_alternative<EntryView>(publication.what) ? 1 : 0;
        return count;
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint32_t, Reply> replies_;
    int entries_ = 0;
    int gaps_ = 0;
};

// A node with four I/O threads over a database in memory.
class TenantsTest : public testing::Test {
protected:
    TenantsTest() {
        database_.configure(Script::state({{1, 3}}));
        lease_.emplace(lease_table_, LeaseKeeper::Settings{{}, [] { return LeaseRule::Health(); }});
        EXPECT_TRUE(lease_->wait_until_held(30s));
        ownership_.emplace(owner_table_, *lease_);
        std::vector<boost::asio::any_io_executor> executors;
        for (auto& context : contexts_) {
            guards_.push_back(boost::asio::make_work_guard(context));
            executors.emplace_back(context.get_executor());
        }
        const TenantServices services{log_, store_, *ownership_, listeners_, clock_};
        tenants_.emplace(std::move(executors), services, TenantLoop::Limits{});
        gate_.emplace(*tenants_);
        for (auto& context : contexts_)
            threads_.emplace_back([&context] { context.run(); });
    }

    ~TenantsTest() override { stop(); }

    void stop() {
        if (threads_.empty()) return;
        std::mutex mutex;
        std::condition_variable changed;
        bool done = false;
        tenants_->stop([&] {
            const std::lock_guard lock(mutex);
            done = true;
            changed.notify_all();
        });
        std::unique_lock lock(mutex);
        EXPECT_TRUE(changed.wait_for(lock, 30s, [&] { return done; }));
        guards_.clear();
        for (std::thread& thread : threads_)
            thread.join();
        threads_.clear();
    }

    Reply ask(Command command) {
        const std::uint32_t id = ++last_;
        gate_->submit(std::move(command), receiver_, id);
        return listeners_.reply_to(id);
    }

    WelcomeView connect() {
        return std::get<WelcomeView>(
            ask({Script::agent(1), Connect{{Script::talk_id(90), ++last_}, SiteId{1}, ""}}));
    }

    Command start(std::int64_t visitor) const {
        StartConversation start{Script::talk_id(visitor),
                                SiteId{1},
                                Channel::chat,
                                Script::message_id(visitor, clock_.now()),
                                "hello"};
        return {Script::visitor(visitor), start};
    }

    MemoryDatabase database_;
    Incarnation me_{{1}};
    MemoryTenantLog log_{database_, me_};
    MemoryTenantStore store_{database_};
    MemoryOwnerTable owner_table_{database_, me_};
    MemoryLeaseTable lease_table_{database_, me_};
    Clock clock_;
    Listeners listeners_;
    std::optional<LeaseKeeper> lease_;
    std::optional<NodeOwnership> ownership_;
    std::array<boost::asio::io_context, 4> contexts_;
    std::optional<Tenants> tenants_;
    std::optional<Forward> gate_;
    std::vector<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> guards_;
    std::vector<std::thread> threads_;
    std::shared_ptr<ReplyReceiver> receiver_ = std::make_shared<Nobody>();
    std::atomic<std::uint32_t> last_{0};
};

TEST_F(TenantsTest, AConversationIsStoredBeforeItIsAnswered) {
    ASSERT_TRUE(std::holds_alternative<WelcomeView>(
        ask({Script::agent(1), Connect{{Script::talk_id(90), 1}, SiteId{1}, ""}})));
    const Reply started = ask(start(1));
    const auto* answer = std::get_if<MessageStored>(&started);
    ASSERT_NE(answer, nullptr);
    const TenantState stored = database_.load(TenantId{1});
    ASSERT_EQ(stored.conversations.size(), 1u);
    EXPECT_EQ(stored.claims.size(), 1u);
    EXPECT_EQ(stored.sent.at(0).pos, answer->pos);
}

TEST_F(TenantsTest, ManyThreadsMaySubmitAtOnce) {
    std::vector<std::thread> callers;
    std::atomic<int> answered = 0;
    for (std::int64_t caller = 0; caller < 8; ++caller) {
        callers.emplace_back([&, caller] {
            for (std::int64_t i = 0; i < 50; ++i) {
                const Reply reply = ask(start(1000 + caller * 100 + i));
                if (std::holds_alternative<MessageStored>(reply)) ++answered;
            }
        });
    }
    for (std::thread& caller : callers)
        caller.join();
    EXPECT_EQ(answered, 400);
    EXPECT_EQ(database_.load(TenantId{1}).conversations.size(), 400u);
    EXPECT_EQ(listeners_.entries(), 800) << "the message and the line that it waits";
}

TEST_F(TenantsTest, StoppingGivesTheTenantUpForOthersToTakeAtOnce) {
    ask(start(1));
    stop();
    const Incarnation other{{2}};
    database_.enlist(other, {});
    EXPECT_TRUE(database_.take(TenantId{1}, other));
}

TEST_F(TenantsTest, ATenantTakenByAnotherIsServedAgainOnceItIsFree) {
    ask(start(1));
    const Incarnation other{{2}};
    database_.enlist(other, me_);  // we count as dead
    const auto taken = database_.take(TenantId{1}, other);
    ASSERT_TRUE(taken);
    gate_->submit(start(2), receiver_, ++last_);  // fenced: waits for the tenant
    database_.enlist(me_, other);
    const Reply reply = listeners_.reply_to(last_);
    EXPECT_TRUE(std::holds_alternative<MessageStored>(reply));
    EXPECT_EQ(database_.load(TenantId{1}).conversations.size(), 2u);
}

TEST_F(TenantsTest, AWelcomeNamesTheLineageInWhichTheTenantWasLastTaken) {
    EXPECT_EQ(connect().lineage, "memory");
    database_.change_lineage("restored");
    EXPECT_EQ(connect().lineage, "memory") << "it is still the old one that is served";
    database_.enlist(Incarnation{{2}}, me_);  // we count as dead
    database_.take(TenantId{1}, Incarnation{{2}});
    gate_->submit(start(2), receiver_, ++last_);  // fenced: waits for the tenant
    database_.enlist(me_, Incarnation{{2}});
    EXPECT_EQ(connect().lineage, "restored");
    EXPECT_GT(listeners_.gaps(), 0) << "what people hold is of another history";
}

}  // namespace
}  // namespace switchboard
