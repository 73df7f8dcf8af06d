#include "cluster/node_ownership.hpp"

namespace switchboard {

boost::asio::awaitable<void> NodeOwnership::release(TenantId tenant, std::int64_t epoch) {
    // When it fails the others wait for the lease to run out.
    const auto released = co_await table_.release(tenant, epoch);
    (void)released;
}

}  // namespace switchboard
