#include "tenants/tenants.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <exception>
#include <functional>

namespace switchboard {
namespace {

namespace asio = boost::asio;

}  // namespace

// The loops that still run; whoever ends the last one tells.
struct Tenants::Stopping {
    std::atomic<std::size_t> running{0};
    std::function<void()> done;

    void one_less() {
        if (running.fetch_sub(1) == 1 && done) done();
    }
};

Tenants::Tenants(std::vector<asio::any_io_executor> threads,
                 const TenantServices& services,
                 TenantLoop::Limits limits)
    : services_(services), limits_(limits), stopping_(std::make_shared<Stopping>()) {
    for (auto& executor : threads)
        threads_.push_back({std::move(executor), {}, false});
}

void Tenants::submit(WaitingCommand command) {
    const auto id = command.command.principal.tenant;
    Thread& thread = threads_[static_cast<std::uint64_t>(id.value) % threads_.size()];
    asio::dispatch(thread.executor, [this, &thread, id, command = std::move(command)]() mutable {
        Tenant& home = tenant(thread, id);
        home.accept(std::move(command));
    });
}

// An exception that leaves a tenant's loop is a bug; it ends the process, not a promise.
Tenant& Tenants::tenant(Thread& thread, TenantId id) {
    auto& found = thread.tenants[id];
    if (found != nullptr) return *found;
    found = std::make_unique<Tenant>(thread.executor, id, services_, limits_);
    if (thread.stopping) {
        found->stop();
        return *found;
    }
    stopping_->running.fetch_add(1);
    asio::co_spawn(
        thread.executor, found->run(), [ending = stopping_](const std::exception_ptr& error) {
            if (error) std::rethrow_exception(error);
            ending->one_less();
        });
    return *found;
}

void Tenants::stop(std::function<void()> done) {
    stopping_->running.fetch_add(threads_.size());
    stopping_->done = std::move(done);
    for (Thread& thread : threads_) {
        asio::post(thread.executor, [&thread, ending = stopping_] {
            thread.stopping = true;
            for (const auto& [id, tenant] : thread.tenants)
                tenant->stop();
            ending->one_less();
        });
    }
}

Tenants::Load Tenants::load_of(std::size_t thread) const {
    Load load;
    for (const auto& [id, tenant] : threads_[thread].tenants) {
        const TenantLoop& loop = tenant->loop();
        load.mailbox_items += loop.mailbox().size();
        load.mailbox_bytes += loop.mailbox().bytes();
        load.serving += loop.is_serving() ? 1 : 0;
        load.counts += loop.counts();
    }
    return load;
}

}  // namespace switchboard
