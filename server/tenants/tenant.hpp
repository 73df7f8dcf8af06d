#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <string>

#include "tenants/clock.hpp"
#include "tenants/tenant_loop.hpp"
#include "tenants/tenant_store.hpp"

namespace switchboard {

// What a tenant's loop works with; all must outlive it.
struct TenantServices {
    TenantLog& log;
    TenantStore& store;
    Ownership& ownership;
    Audience& audience;
    const Clock& clock;
    // Told of a rule that does not hold in the live state; on the tenant's thread.
    std::function<void(TenantId, const std::string&)> alarm = [](TenantId, const std::string&) {};
};

// One tenant's loop with its waiting: does what TenantLoop wants done, one thing at a time, on one
// thread. Every member belongs to that thread.
class Tenant {
public:
    Tenant(const boost::asio::any_io_executor& executor,
           TenantId id,
           const TenantServices& services,
           TenantLoop::Limits limits);

    // Until stop(), then until the batch in flight is decided, and the tenant released.
    boost::asio::awaitable<void> run();

    void accept(WaitingCommand command);

    // Takes no more, answers what waits as unavailable, and ends run().
    void stop();

    const TenantLoop& loop() const { return loop_; }

private:
    boost::asio::awaitable<void> wait(std::optional<Time> until);
    boost::asio::awaitable<void> take();
    boost::asio::awaitable<void> load();
    boost::asio::awaitable<void> find(LookUp look_up);
    boost::asio::awaitable<void> store(const Batch* batch);
    bool is_held() const;  // by the lease under which it was taken
    void carry_out();
    void show();
    void watch_deadlines();

    TenantId id_;
    TenantServices services_;
    TenantLoop loop_;
    boost::asio::steady_timer wake_;
    boost::asio::steady_timer deadlines_;
    bool watching_ = false;
    bool waiting_ = false;
    bool stopping_ = false;
    std::int64_t term_ = 0;  // of the lease under which the tenant was taken
};

}  // namespace switchboard
