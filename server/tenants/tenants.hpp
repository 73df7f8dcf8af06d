#pragma once

#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "tenants/tenant.hpp"

namespace switchboard {

// The tenants that this process has had commands for. Each lives on one I/O thread, chosen by its
// id; the maps belong to those threads, so nothing here is locked.
class Tenants {
public:
    // One executor per I/O thread; the services must outlive the threads.
    Tenants(std::vector<boost::asio::any_io_executor> threads,
            const TenantServices& services,
            TenantLoop::Limits limits);

    // Any thread; never blocks.
    void submit(WaitingCommand command);

    // Ends every loop: the batches in flight are decided and the tenants released. Calls `done`
    // once, on some I/O thread.
    void stop(std::function<void()> done);

    // Sums over the tenants of one thread; call it there.
    struct Load {
        std::size_t mailbox_items = 0;
        std::size_t mailbox_bytes = 0;
        std::size_t serving = 0;
        LoopCounts counts;
    };
    Load load_of(std::size_t thread) const;
    std::size_t threads() const { return threads_.size(); }
    const boost::asio::any_io_executor& executor(std::size_t thread) const {
        return threads_[thread].executor;
    }

private:
    struct Thread {
        boost::asio::any_io_executor executor;
        std::map<TenantId, std::unique_ptr<Tenant>> tenants;
        bool stopping = false;
    };
    struct Stopping;

    Tenant& tenant(Thread& thread, TenantId id);

    std::vector<Thread> threads_;
    TenantServices services_;
    TenantLoop::Limits limits_;
    std::shared_ptr<Stopping> stopping_;
};

}  // namespace switchboard
